package azukari.node;

/** What a server's operator, or the launcher, can request of this node over JMX ({@code azukari:type=Node}). */
public interface NodeMXBean {

    /** Lets running jobs end, hands the rest over and signs off; returns when that is done. */
    void drain();
}
