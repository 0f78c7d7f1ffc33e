package azukari.platform;

/** The broker could not be reached, did not answer in time, or refused the request. */
public class BrokerUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    public BrokerUnavailableException(Throwable cause) {
        this("the broker is unavailable", cause);
    }

    /**
     * @param what what went wrong, such as "the broker refused to pause"
     * @param cause the failure; its message becomes part of this one's
     */
    public BrokerUnavailableException(String what, Throwable cause) {
        super(what, cause);
    }
}
