//! The running requests, except queries, each under the id that its last event carries.

use super::Store;
use crate::app::message::rotation::RotationCommand;
use crate::app::message::{CopyRequest, PlanProgress, PlanRequest, RequestId, Route};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{InterruptedPlan, Plan, Step};

/// A running request, with what the app must know before it ends.
pub enum Request {
    Change(Box<RunningChange>),
    Rotation(RotationCommand),
    Delivery(CopyRequest),
    File,
    /// A reveal, a copy, a token, and so on: it writes nothing.
    Other,
}

impl Request {
    /// Returns whether something is being written, to Cognito or elsewhere.
    pub fn writes(&self) -> bool {
        match self {
            Self::Change(_) | Self::Delivery(_) | Self::File => true,
            Self::Rotation(command) => command.step.writes(),
            Self::Other => false,
        }
    }
}

/// A change that is being written.
pub struct RunningChange {
    pub change: PlanRequest,
    /// The form that created it.
    pub form: Option<Route>,
    /// The number of finished steps.
    through: usize,
    /// Whether the next step is running.
    under_way: bool,
}

impl RunningChange {
    /// Creates a change before its first step. `form` is the form that created it.
    pub fn new(change: PlanRequest, form: Option<Route>) -> Self {
        Self {
            change,
            form,
            through: 0,
            under_way: false,
        }
    }

    /// Returns the running step.
    pub fn step(&self) -> Option<&Step> {
        let left = self.change.plan.steps.iter().skip(self.through);
        let mut left = left.filter(|step| !step.is_done());
        left.next()
    }

    /// Returns its state if it is aborted now.
    pub fn cut_off(&self) -> InterruptedPlan<'_> {
        self.change.plan.cut_off(self.through, self.under_way)
    }
}

impl Store {
    /// Returns the running requests, the oldest first.
    pub fn requests(&self) -> impl Iterator<Item = &Request> {
        self.requests.values()
    }

    /// Returns whether a request or query is running.
    pub fn is_waiting(&self) -> bool {
        !self.requests.is_empty() || !self.asked.is_empty()
    }

    /// Returns the running changes.
    pub fn writes(&self) -> impl Iterator<Item = &RunningChange> {
        self.requests().filter_map(|request| match request {
            Request::Change(running) => Some(running.as_ref()),
            _ => None,
        })
    }

    /// Returns whether part of `plan` is already being written.
    pub fn is_being_written(&self, plan: &Plan) -> bool {
        let same = |running: &Plan| {
            let mut steps = running.to_do();
            running.pool == plan.pool && steps.any(|step| plan.to_do().any(|other| other == step))
        };
        self.writes().any(|running| same(&running.change.plan))
    }

    /// Returns whether a step of a client's rotation is running. The next must wait, as the result is still unknown.
    pub fn is_stepping(&self, pool: &PoolId, client: &ClientId) -> bool {
        self.requests().any(|request| match request {
            Request::Rotation(step) => (&step.pool, &step.client) == (pool, client),
            Request::Delivery(CopyRequest::Added {
                pool: of,
                client: to,
                ..
            }) => (of, to) == (pool, client),
            _ => false,
        })
    }

    /// Starts a request; its last event must carry the returned id.
    pub fn begin_request(&mut self, request: Request) -> RequestId {
        if matches!(request, Request::Change(_)) {
            self.version += 1;
        }
        let id = self.next_id();
        self.requests.insert(id, request);
        id
    }

    /// Stores the progress of a change.
    pub fn step_change(&mut self, change: &PlanRequest, progress: PlanProgress) {
        for request in self.requests.values_mut() {
            if let Request::Change(running) = request
                && running.change == *change
            {
                (running.through, running.under_way) = match progress {
                    PlanProgress::Started(at) => (at, true),
                    PlanProgress::Finished(at) | PlanProgress::Unconfirmed(at) => (at + 1, false),
                };
            }
        }
    }

    /// Removes a finished request.
    pub fn end_request(&mut self, id: RequestId) {
        if let Some(Request::Change(_)) = self.requests.remove(&id) {
            self.version += 1;
        }
    }
}
