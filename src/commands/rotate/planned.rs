//! `rotate` without `--apply`: the plan.

use super::{RotationTarget, managed, unordered};
use crate::cognito::Rotation;
use crate::commands::rotate::report::{RotateReport, RotateState};
use crate::commands::shared::output::Output;
use crate::commands::{Exit, Failure, verdict};
use crate::domain::rotation::SecretPair;
use crate::domain::rotation::plan::{self, PlannedStep};

impl RotationTarget<'_> {
    /// Prints what `--apply` does with secrets that are rotated by hand.
    pub(super) fn plan(&self, rotation: &Rotation<'_>, out: &mut Output) -> Result<Exit, Failure> {
        let args = self.args;
        let pair = rotation.pair();
        let steps = match &pair {
            SecretPair::Unordered(..) if args.finish || args.start_over => {
                return Err(unordered(&pair));
            }
            SecretPair::Two { older, .. } if args.finish => plan::finishing(Some(older)),
            _ if args.finish => plan::finishing(None),
            SecretPair::Two { newer, .. } if args.start_over => {
                plan::starting_over(newer, args.own, &self.place(out))
            }
            SecretPair::Two { .. } | SecretPair::Unordered(..) if args.own => {
                plan::proving(&self.target())
            }
            SecretPair::Two { .. } | SecretPair::Unordered(..) => {
                let answer = RotateReport::new(self, rotation, RotateState::UnderWay);
                return self.under_way(&pair, &answer, out);
            }
            SecretPair::One(_) | SecretPair::None => plan::adding(args.own, &self.place(out)),
        };
        self.print_plan(rotation, steps, out)
    }

    /// Prints what `--apply` does with a secret in AWS Secrets Manager.
    pub(super) fn plan_managed(
        &self,
        rotation: &Rotation<'_>,
        arn: &str,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        managed::suits(self)?;
        let place = if managed::wants_value(self) {
            self.place(out)
        } else {
            String::new()
        };
        self.print_plan(rotation, plan::rotating_managed(arn, &place), out)
    }

    /// The target of the new secret, to complete "Deliver it".
    fn place(&self, out: &Output) -> String {
        let target = self.target();
        if !target.is_empty() {
            return target;
        }
        if out.is_terminal() && !self.args.reveal {
            " (add --to TARGET or --reveal: a terminal does not get it unasked)".to_owned()
        } else {
            " to stdout".to_owned()
        }
    }

    fn target(&self) -> String {
        let to = self.args.to.as_ref();
        to.map_or_else(String::new, |to| format!(" to {to}"))
    }

    fn print_plan(
        &self,
        rotation: &Rotation<'_>,
        steps: Vec<PlannedStep>,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        if self.args.output.is_data() {
            let mut report = RotateReport::new(self, rotation, RotateState::Planned);
            report.plan = Some(steps);
            return report.print(out, Exit::Changes);
        }
        let lines = std::iter::once(format!("Rotate {}", self.name()))
            .chain(steps.iter().zip(1..).map(|(step, place)| step.line(place)))
            .chain(["Nothing was changed. Add --apply to do it.".to_owned()]);
        for line in lines {
            if let Err(error) = out.line(&line) {
                return verdict(Err(error), Exit::Changes);
            }
        }
        Ok(Exit::Changes)
    }
}
