//! `setup`: plans a preset, sets it up and takes it down.

use super::{Exit, Failure, Interrupts, caller};
use crate::cli::{DestroyExtra, SetupArgs};
use crate::cognito::Gateway;
use crate::commands::shared::output::Output;
use crate::commands::shared::plan_output::{Confirm, PlanOutput};
use crate::commands::shared::plan_run::{Consent, PlanForm, PlanRun};
use crate::commands::shared::read_clients;
use crate::domain::client::AppClient;
use crate::domain::plan::{self, CurrentState, DesiredPool, DesiredState, DestroyScope};
use crate::domain::preset::{Answers, Preset, PresetCatalog, PresetLookupError};

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
    let output = PlanOutput {
        plan: &plan,
        done: None,
        confirm: if args.destroy {
            Confirm::Yes
        } else {
            Confirm::Apply
        },
        caller: &caller,
        clients: &found.namesakes,
    };
    let run = PlanRun {
        gateway,
        interrupts,
        form: PlanForm::new(args.output, args.cli),
        consent: if args.destroy {
            Consent::Name(args.yes.as_deref())
        } else if args.apply {
            Consent::Given
        } else {
            Consent::No
        },
    };
    run.run(output, out).await
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
