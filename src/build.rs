//! Linker options that cargo does not pass itself.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Links the stack unwinder from the compiler's own static archive, if there is one. Otherwise each start would find, map and
/// initialize its shared library, which takes as long as drawing the first frame.
fn main() {
    println!("cargo:rerun-if-changed=src/build.rs");
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    let target = |part: &str| env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") != "linux" || target("ENV") != "gnu" {
        return;
    }
    if let Some(folder) = folder_of("libgcc_eh.a") {
        println!("cargo:rustc-link-search=native={}", folder.display());
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Returns the directory of this file, if the linker has it: otherwise its answer is the bare name.
fn folder_of(file: &str) -> Option<PathBuf> {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let question = format!("-print-file-name={file}");
    let answer = Command::new(linker).arg(question).output().ok()?;
    let found = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim());
    let folder = found.parent()?.to_owned();
    (found.is_absolute() && found.exists()).then_some(folder)
}
