import TestSupport
import Testing

/// The real program from file to running machines and back to nothing; one test after the other.
@Suite(.serialized, KernelTest.requireRoot)
struct EndToEnd {}
