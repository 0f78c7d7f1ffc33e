package azukari.api;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** All of it stands under {@code /api}. */
@ApplicationPath("api")
public class Api extends Application {}
