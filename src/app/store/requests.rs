//! The requests that are on their way, but for queries: each under the id that its last event carries.

use super::Store;
use crate::app::message::rotation::RotationCommand;
use crate::app::message::{CopyRequest, PlanProgress, PlanRequest, RequestId, Route};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{InterruptedPlan, Plan, Step};

/// A running request, by what the app must know before it ends.
pub enum Request {
    Change(Box<RunningChange>),
    Rotation(RotationCommand),
    Delivery(CopyRequest),
    File,
    /// A reveal, a copy, a token, and so on: it writes nothing.
    Other,
}

impl Request {
    /// Whether something is being written, to Cognito or elsewhere.
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
    /// The form that it came from.
    pub form: Option<Route>,
    /// How many steps are over.
    through: usize,
    /// The next step is running.
    under_way: bool,
}

impl RunningChange {
    /// A change before its first step. `form` is what it came from.
    pub fn new(change: PlanRequest, form: Option<Route>) -> Self {
        Self {
            change,
            form,
            through: 0,
            under_way: false,
        }
    }

    /// The step that is under way.
    pub fn step(&self) -> Option<&Step> {
        let left = self.change.plan.steps.iter().skip(self.through);
        let mut left = left.filter(|step| !step.is_done());
        left.next()
    }

    /// What is known of it where it is given up now.
    pub fn cut_off(&self) -> InterruptedPlan<'_> {
        self.change.plan.cut_off(self.through, self.under_way)
    }
}

impl Store {
    /// The requests that are on their way, the oldest first.
    pub fn requests(&self) -> impl Iterator<Item = &Request> {
        self.requests.values()
    }

    /// Whether an answer to anything is on its way.
    pub fn is_waiting(&self) -> bool {
        !self.requests.is_empty() || !self.asked.is_empty()
    }

    /// The changes that are being written.
    pub fn writes(&self) -> impl Iterator<Item = &RunningChange> {
        self.requests().filter_map(|request| match request {
            Request::Change(running) => Some(running.as_ref()),
            _ => None,
        })
    }

    /// Whether something of what `plan` would do is being done already.
    pub fn is_being_written(&self, plan: &Plan) -> bool {
        let same = |running: &Plan| {
            let mut steps = running.to_do();
            running.pool == plan.pool && steps.any(|step| plan.to_do().any(|other| other == step))
        };
        self.writes().any(|running| same(&running.change.plan))
    }

    /// Whether a step of a client's rotation is under way, which must be over before the next: what it leads to is not known yet.
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

    /// Starts a request; its last event must carry the id returned.
    pub fn begin_request(&mut self, request: Request) -> RequestId {
        if matches!(request, Request::Change(_)) {
            self.version += 1;
        }
        let id = self.next_id();
        self.requests.insert(id, request);
        id
    }

    /// A change has come so far.
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

    /// A request is over.
    pub fn end_request(&mut self, id: RequestId) {
        if let Some(Request::Change(_)) = self.requests.remove(&id) {
            self.version += 1;
        }
    }
}
