//! Disables core dumps: a dump would write the secrets in memory to the disk.

/// Debug builds keep the memory readable to the user's other processes: a test reads it to prove that no secret is left.
#[cfg(debug_assertions)]
const READABLE: &str = "COGNITUI_READABLE_MEMORY";

/// Disables core dumps for this process, and sets their size limit to 0 for its children. If the system refuses, the console runs
/// without this protection.
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
    // A dump that is piped to a program ignores the limit. This also keeps other processes of the same user from reading the
    // memory.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
