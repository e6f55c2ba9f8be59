//! No core dumps: what a crash would write to the disk holds the secrets of the moment.

/// Leaves the memory readable to the user's other processes, in debug builds alone: that no secret is left in it can only be seen by
/// looking.
#[cfg(debug_assertions)]
const READABLE: &str = "COGNITUI_READABLE_MEMORY";

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
    #[cfg(debug_assertions)]
    if std::env::var_os(READABLE).is_some() {
        return;
    }
    // A dump that is piped to a program heeds no limit. This also keeps other processes of the same user out of the memory.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
