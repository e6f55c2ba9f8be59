//! `presets`: the presets of `setup` and their questions.

use serde_json::{Value, json};

use super::{Exit, Failure, stderr_note};
use crate::cli::{OutputFormat, PresetsArgs};
use crate::commands::shared::output::Output;
use crate::commands::shared::rows::{Row, Rows};
use crate::domain::preset::{PresetCatalog, Question};

pub(super) fn run(
    args: &PresetsArgs,
    shelf: &PresetCatalog,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let format = args.output.rows();
    let mut rows = Vec::new();
    for preset in shelf.presets() {
        if format != OutputFormat::Table {
            let asks: Vec<Value> = preset.asks.iter().map(as_json).collect();
            let json = json!({
                "name": preset.name,
                "title": preset.title,
                "about": preset.about,
                "source": preset.source,
                "needs_pool": !preset.knows_its_pool(),
                "asks": asks,
            });
            rows.push(Row {
                cells: Vec::new(),
                json,
            });
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
    if format != OutputFormat::Table {
        let mut printer = Rows::new(format, Vec::new(), out);
        printer.page(rows)?;
        printer.end()?;
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
