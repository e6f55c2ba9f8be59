//! `presets`: the presets of `setup` and their questions.

use serde_json::{Value, json};

use super::{Exit, Failure, stderr_note};
use crate::cli::PresetsArgs;
use crate::commands::shared::output::Output;
use crate::domain::preset::{PresetCatalog, Question};

pub(super) fn run(
    args: &PresetsArgs,
    shelf: &PresetCatalog,
    out: &mut Output,
) -> Result<Exit, Failure> {
    for preset in shelf.presets() {
        if args.json {
            let asks: Vec<Value> = preset.asks.iter().map(as_json).collect();
            let line = json!({
                "name": preset.name,
                "title": preset.title,
                "about": preset.about,
                "source": preset.source,
                "needs_pool": !preset.knows_its_pool(),
                "asks": asks,
            });
            out.raw(&format!("{line}\n"))?;
            continue;
        }
        out.line(&format!("{}  {}", preset.name, preset.title))?;
        if !preset.knows_its_pool() {
            out.line("    --pool POOL")?;
        }
        for ask in &preset.asks {
            let default = match ask.default.as_deref() {
                None => "needed".to_owned(),
                Some("") => "may be empty".to_owned(),
                Some(default) => default.to_owned(),
            };
            out.line(&format!(
                "    --set {}=...  {} [{default}]",
                ask.key, ask.label
            ))?;
        }
    }
    let mut whole = true;
    for error in shelf.errors() {
        stderr_note(&format!("skipped: {error}"));
        whole = false;
    }
    Ok(if whole { Exit::Done } else { Exit::Failed })
}

fn as_json(ask: &Question) -> Value {
    let choices = Some(&ask.choices).filter(|choices| !choices.is_empty());
    json!({
        "key": ask.key,
        "label": ask.label,
        "kind": ask.kind,
        "choices": choices,
        "default": ask.default,
        "help": ask.help,
    })
}
