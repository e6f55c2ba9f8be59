//! `setup`: plans a preset, sets it up and takes it down.

pub(super) mod plan_output;

use std::cell::Cell;
use std::io::{self, IsTerminal};

use super::{Exit, Failure, Interrupts, caller, stderr_note, stderr_raw, verdict};
use crate::cli::{DestroyExtra, SetupArgs};
use crate::cognito::{Gateway, PlanOutcome, PlanProgress};
use crate::commands::setup::plan_output::PlanOutput;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients;
use crate::domain::client::AppClient;
use crate::domain::plan::{self, CurrentState, DesiredPool, DesiredState, DestroyScope};
use crate::domain::preset::{Answers, Preset, PresetCatalog, PresetLookupError};
use crate::text::clean;

pub(super) async fn run(
    args: &SetupArgs,
    preset: &Preset,
    gateway: &Gateway,
    interrupts: Interrupts,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let wanted = wanted(args, preset, gateway)?;
    if args.with.contains(&DestroyExtra::Pool) && !matches!(wanted.pool, DesiredPool::Create(_)) {
        return Err(Failure::usage(
            "--with pool does not apply: the user pool is not the preset's",
            "Omit --with pool. The console deletes any pool with Ctrl-d.",
        ));
    }
    let (found, caller) = tokio::join!(gateway.read_plan_input(&wanted), caller(gateway));
    let found = found?;
    let plan = if args.destroy {
        let others = others(gateway, &wanted, &found).await?;
        plan::take_down(&wanted, &found, &others, also(args))
    } else {
        plan::set_up(&wanted, &found)
    };
    let mut output = PlanOutput {
        plan: &plan,
        done: None,
        destroy: args.destroy,
        caller: &caller,
        clients: &found.namesakes,
    };
    if !plan.obstacles.is_empty() {
        return blocked(args, &output, out);
    }
    let pending = plan.to_do().next().is_some();
    let go = pending
        && if args.destroy {
            confirmed(args, &output, out)?
        } else {
            args.apply
        };
    let done = if go {
        Some(execute(&output, gateway, interrupts).await?)
    } else {
        None
    };
    output.done = done.as_ref();
    let printed = if args.json {
        out.json(&output.json())
    } else if args.cli {
        output.print_commands(out)
    } else {
        output.print(out)
    };
    let exit = match &done {
        Some(done) if done.failed.is_some() || !done.unconfirmed.is_empty() => Exit::Failed,
        None if pending => Exit::Changes,
        _ => Exit::Done,
    };
    verdict(printed, exit)
}

/// Executes the plan and notes each write; if interrupted, reports how far it came.
async fn execute(
    output: &PlanOutput<'_>,
    gateway: &Gateway,
    interrupts: Interrupts,
) -> Result<PlanOutcome, Failure> {
    let plan = output.plan;
    let came = Cell::new((0, false));
    let over = |at: usize, word: &str| {
        came.set((at + 1, false));
        if let Some(step) = plan.steps.get(at) {
            stderr_note(&format!("{word}: {}", step.sentence()));
        }
    };
    let heard = |progress| match progress {
        PlanProgress::Started(at) => came.set((at, true)),
        PlanProgress::Finished(at) => over(at, "done"),
        PlanProgress::Unconfirmed(at) => over(at, "not confirmed"),
    };
    tokio::select! {
        biased;
        done = gateway.execute(plan, heard) => Ok(done),
        code = interrupts() => {
            let (through, under_way) = came.get();
            let mut lines = vec!["interrupted: the plan is not complete".to_owned()];
            lines.extend(plan.cut_off(through, under_way).lines(Some(output.place())));
            lines.push("Run the same command again to continue.".to_owned());
            Err(Failure::Interrupted(code, lines))
        }
    }
}

/// The preset of that name.
pub(super) fn preset<'a>(shelf: &'a PresetCatalog, name: &str) -> Result<&'a Preset, Failure> {
    shelf.get(name).map_err(|reason| match reason {
        PresetLookupError::Broken(error) => {
            Failure::new(error.to_string(), "Fix the file, or delete it.")
        }
        PresetLookupError::Unknown => {
            let names: Vec<&str> = shelf.presets().map(|preset| preset.name.as_str()).collect();
            Failure::usage(
                format!("unknown preset {name:?}"),
                format!(
                    "Presets: {}. `cognitui presets` lists them.",
                    names.join(", ")
                ),
            )
        }
    })
}

/// The preset filled with the given answers.
fn wanted(args: &SetupArgs, preset: &Preset, gateway: &Gateway) -> Result<DesiredState, Failure> {
    let answers: Answers = args.set.iter().cloned().collect();
    let pool = args.pool.clone().map(DesiredPool::Find);
    if pool.is_none() && !preset.knows_its_pool() {
        return Err(Failure::usage(
            format!("the preset {} needs a user pool", preset.name),
            "Use --pool POOL.",
        ));
    }
    let region = gateway.region().unwrap_or_default();
    preset.wanted(&answers, pool, region).map_err(|wrong| {
        let mut lines = vec![format!("missing or invalid answers for {}", preset.name)];
        lines.extend(wrong.into_iter().map(|wrong| match wrong.key {
            Some(key) => format!("{key}: {} (--set {key}=...)", wrong.message),
            None => wrong.message,
        }));
        Failure::Usage(lines)
    })
}

/// What `--with` adds to a take-down.
fn also(args: &SetupArgs) -> DestroyScope {
    DestroyScope {
        pool: args.with.contains(&DestroyExtra::Pool),
        domain: args.with.contains(&DestroyExtra::Domain),
        scopes: args.with.contains(&DestroyExtra::Scopes),
    }
}

/// The pool's clients with their settings, to find other users of its scopes.
async fn others(
    gateway: &Gateway,
    wanted: &DesiredState,
    found: &CurrentState,
) -> Result<Vec<AppClient>, Failure> {
    let Some(pool) = found.pool.as_ref().filter(|_| !wanted.servers.is_empty()) else {
        return Ok(Vec::new());
    };
    Ok(read_clients::describe(gateway, &pool.id, &found.clients).await?)
}

/// Prints the obstacles on stderr, and the plan if it has steps.
fn blocked(args: &SetupArgs, output: &PlanOutput, out: &mut Output) -> Result<Exit, Failure> {
    if args.json {
        return verdict(out.json(&output.json()), Exit::Failed);
    }
    if !output.plan.steps.is_empty() {
        verdict(output.print(out), Exit::Failed)?;
    }
    let lines = output.plan.obstacles.iter().flat_map(|obstacle| {
        [
            format!("{}: {}", obstacle.about, obstacle.what),
            obstacle.way_out.clone(),
        ]
    });
    Err(Failure::Message(lines.collect()))
}

/// Whether the take-down is confirmed: its name was typed, or passed with `--yes`.
fn confirmed(args: &SetupArgs, output: &PlanOutput, out: &mut Output) -> Result<bool, Failure> {
    let name = output.name_to_type();
    let given = match &args.yes {
        Some(given) => given.clone(),
        None if args.json || args.cli || !io::stdin().is_terminal() || !out.is_terminal() => {
            return Ok(false);
        }
        None => {
            output.print(out)?;
            stderr_raw(&format!("Type {} to confirm: ", clean(name)));
            let mut line = String::new();
            io::stdin().read_line(&mut line).map_err(|error| {
                Failure::new(
                    format!("cannot read the name: {error}"),
                    "Nothing was taken down.",
                )
            })?;
            line.trim().to_owned()
        }
    };
    if given == name {
        return Ok(true);
    }
    Err(Failure::new(
        format!("not confirmed: {given:?} is not {name}"),
        "Nothing was taken down.",
    ))
}
