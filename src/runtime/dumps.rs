//! No core dumps: what a crash would write to the disk holds the secrets of the moment.

/// Turns core dumps off for this process, and their size to nothing for its children. What the system refuses is done without: a
/// console that can't have it is still worth more than none.
pub fn off() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let nothing = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let _ = setrlimit(Resource::Core, nothing);
    }
    // A dump that is piped to a program heeds no limit. This also keeps other processes of the same user out of the memory.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
