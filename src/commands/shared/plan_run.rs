//! Shows a plan, asks for what it needs, and executes it.

use std::cell::Cell;
use std::io;

use crate::cli::{OutputArgs, OutputFormat};
use crate::cognito::{Gateway, PlanOutcome, PlanProgress};
use crate::commands::failure::FailureClass;
use crate::commands::shared::output::Output;
use crate::commands::shared::plan_output::PlanOutput;
use crate::commands::shared::rows;
use crate::commands::{Exit, Failure, Interrupts, stderr_note, stderr_raw, verdict};
use crate::text::clean;

/// The form of the printed plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanForm {
    Text,
    Data(OutputFormat),
    /// AWS CLI commands.
    Cli,
}

impl PlanForm {
    /// The form that the arguments ask for.
    pub fn new(output: OutputArgs, cli: bool) -> Self {
        match output.format() {
            _ if cli => Self::Cli,
            OutputFormat::Table => Self::Text,
            format => Self::Data(format),
        }
    }
}

/// What lets a plan be executed.
#[derive(Clone, Copy, Debug)]
pub enum Consent<'a> {
    /// Nothing: the plan is printed.
    No,
    Given,
    /// The name that is asked for, typed or given as an option.
    Name(Option<&'a str>),
}

/// How a plan is run.
pub struct PlanRun<'a> {
    pub gateway: &'a Gateway,
    pub interrupts: Interrupts,
    pub form: PlanForm,
    pub consent: Consent<'a>,
}

impl PlanRun<'_> {
    /// Executes the plan of `output` if there is consent, and prints it or its outcome.
    ///
    /// # Errors
    /// The plan has obstacles, another name was given, or a signal ended it.
    pub async fn run(self, mut output: PlanOutput<'_>, out: &mut Output) -> Result<Exit, Failure> {
        if !output.plan.obstacles.is_empty() {
            return blocked(self.form, &output, out);
        }
        let pending = output.plan.to_do().next().is_some();
        let go = pending
            && match self.consent {
                Consent::No => false,
                Consent::Given => true,
                Consent::Name(given) => self.confirmed(given, &output, out)?,
            };
        let done = if go {
            Some(self.execute(&output).await?)
        } else {
            None
        };
        output.done = done.as_ref();
        let printed = match self.form {
            PlanForm::Data(format) => rows::value(&output.json(), format, out),
            PlanForm::Cli => output.print_commands(out),
            PlanForm::Text => output.print(out),
        };
        let exit = match &done {
            Some(PlanOutcome {
                failed: Some(error),
                ..
            }) => Exit::failed(FailureClass::of(error)),
            Some(done) if !done.unconfirmed.is_empty() => Exit::Failed,
            None if pending => Exit::Changes,
            _ => Exit::Done,
        };
        verdict(printed, exit)
    }

    /// Executes the plan and notes each write; if interrupted, reports how far it came.
    async fn execute(&self, output: &PlanOutput<'_>) -> Result<PlanOutcome, Failure> {
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
            done = self.gateway.execute(plan, heard) => Ok(done),
            code = (self.interrupts)() => {
                let (through, under_way) = came.get();
                let mut lines = vec!["interrupted: the plan is not complete".to_owned()];
                lines.extend(plan.cut_off(through, under_way).lines(Some(output.place())));
                lines.push("Run the same command again to continue.".to_owned());
                Err(Failure::Interrupted(code, lines))
            }
        }
    }

    /// Whether the name that the plan asks for was typed or given.
    fn confirmed(
        &self,
        given: Option<&str>,
        output: &PlanOutput,
        out: &mut Output,
    ) -> Result<bool, Failure> {
        let Some(name) = output.name_to_type() else {
            return Ok(true);
        };
        let given = match given {
            Some(given) => given.to_owned(),
            None if self.form != PlanForm::Text || !out.asks() => return Ok(false),
            None => {
                output.print(out)?;
                stderr_raw(&format!("Type {} to confirm: ", clean(name)));
                let mut line = String::new();
                io::stdin().read_line(&mut line).map_err(|error| {
                    Failure::new(
                        format!("cannot read the name: {error}"),
                        output.confirm.nothing_done(),
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
            output.confirm.nothing_done(),
        ))
    }
}

/// Prints the obstacles on stderr, and the plan if it has steps.
fn blocked(form: PlanForm, output: &PlanOutput, out: &mut Output) -> Result<Exit, Failure> {
    let class = FailureClass::of_plan(output.plan);
    if let PlanForm::Data(format) = form {
        let printed = rows::value(&output.json(), format, out);
        return verdict(printed, Exit::failed(class));
    }
    if !output.plan.steps.is_empty() {
        verdict(output.print(out), Exit::Failed)?;
    }
    let lines = output.plan.obstacles.iter().flat_map(|obstacle| {
        let way_out = Some(obstacle.way_out.clone()).filter(|words| !words.is_empty());
        [
            Some(format!("{}: {}", obstacle.about, obstacle.what)),
            way_out,
        ]
    });
    let lines = lines.flatten().collect();
    Err(match class {
        Some(class) => Failure::Classed(class, lines),
        None => Failure::Message(lines),
    })
}
