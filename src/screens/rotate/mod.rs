//! The rotation of a client's secret: its state and the choices.

mod choices;
mod draw;

use crossterm::event::Event;
use ratatui::layout::Rect;
use secrecy::ExposeSecret;

use self::choices::{Choice, fields, is_guarded};
use crate::app::message::rotation::{RotationCommand, RotationMark, RotationStep};
use crate::app::message::{ClientForm, CopyRequest, Effect, Query, TaskEvent};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, Ticks, View};
use crate::app::typed_secret::TypedSecret;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::limits;
use crate::domain::oauth::endpoints;
use crate::domain::plan::{self, Plan};
use crate::domain::rotation::{
    RotationPhase, RotationProgress, SecretPair, proof_request, unmovable,
};
use crate::domain::secret::DescribedSecret;
use crate::input::Action;
use crate::screens::shared::revealed_secret::RevealedSecret;
use crate::screens::shared::verbs::Thing;
use crate::screens::shared::{client_secret, confirm, destinations, load_states, type_to_confirm};
use crate::ui::form::Form;
use crate::ui::frame::Canvas;

const TYPED: &str = "typed";
const UNDER_WAY: &str = "The last step is still running";

/// The rotation of one client's secret.
pub struct Rotate {
    pool: PoolId,
    client: ClientId,
    /// The chosen line; `None`, or one that this step does not have: the step's first.
    at: Option<Choice>,
    asking: Option<Asking>,
    /// The newer secret, while it is revealed.
    revealed: RevealedSecret,
}

/// A form to fill in before a step.
struct Asking {
    choice: Choice,
    form: Form,
}

impl Rotate {
    pub fn new(pool: PoolId, client: ClientId) -> Self {
        Self {
            pool,
            client,
            at: None,
            asking: None,
            revealed: RevealedSecret::default(),
        }
    }

    /// The secrets and the progress in this session; `None` until they are read.
    fn state(&self, view: &View) -> Option<(SecretPair, RotationProgress)> {
        let secrets = view.store.secrets(&self.pool, &self.client).value()?;
        let doings = view.store.rotation(&self.pool, &self.client);
        Some((SecretPair::of(secrets), doings.cloned().unwrap_or_default()))
    }

    fn described<'a>(&self, view: &View<'a>) -> Option<&'a AppClient> {
        view.store.client(&self.pool, &self.client).value()
    }

    /// The ARN of the client's secret in AWS Secrets Manager.
    fn arn<'a>(&self, view: &View<'a>) -> Option<&'a str> {
        match &self.described(view)?.secret {
            DescribedSecret::Managed(arn) => Some(arn),
            DescribedSecret::Shown | DescribedSecret::Absent => None,
        }
    }

    fn secrets(&self) -> Query {
        Query::Secrets(self.pool.clone(), self.client.clone())
    }

    fn choices(&self, view: &View) -> &'static [Choice] {
        if self.arn(view).is_some() {
            return Choice::MANAGED;
        }
        self.state(view)
            .map(|(slots, doings)| Choice::of(RotationPhase::of(&slots, &doings)))
            .unwrap_or_default()
    }

    fn chosen(&self, view: &View) -> Option<Choice> {
        let choices = self.choices(view);
        let kept = self.at.filter(|at| choices.contains(at));
        kept.or_else(|| Choice::first(choices))
    }

    /// Why a choice is disabled.
    fn refusal(&self, choice: Choice, view: &View) -> Option<String> {
        if view.store.is_stepping(&self.pool, &self.client) {
            return Some(UNDER_WAY.to_owned());
        }
        if choice == Choice::RotateNow {
            let load = view.store.managed_secret(&self.pool, self.arn(view)?);
            return match (load.value(), load.error()) {
                (Some(_), _) => None,
                (None, Some(error)) => Some(error.one_line()),
                (None, None) => Some("Still loading from Secrets Manager".to_owned()),
            };
        }
        let (slots, doings) = self.state(view)?;
        // Stale data is not enough for a step: the state may have changed.
        if choice.writes() && view.store.is_stale(&self.secrets()) {
            return Some(load_states::unread(view));
        }
        match choice {
            Choice::Arrived if doings.delivered.is_none() && !doings.perhaps_delivered => Some(
                "Deliver it first: only this console has it, and Cognito never returns it again"
                    .to_owned(),
            ),
            Choice::Add | Choice::AddOwn | Choice::Prove => {
                let of_client = view.store.client(&self.pool, &self.client).known();
                let of_pool = view.store.token_endpoint(&self.pool);
                let (client, endpoint) = match (of_client, of_pool) {
                    (Ok(client), Ok(endpoint)) => (client, endpoint.map(str::to_owned)),
                    (Err(unread), _) | (_, Err(unread)) => {
                        return Some(load_states::refusal(unread, "the pool and the app client"));
                    }
                };
                proof_request(client, endpoint).is_none().then(|| {
                    let pool = view.store.pool(&self.pool).value();
                    let why = pool.map_or("is unknown", endpoints::without_token_endpoint);
                    format!("Secrets can't be tested: the pool {why}, and GetClientToken is not allowed for the client")
                })
            }
            Choice::MoveIn => {
                let listed = view.store.listed_secrets(&self.pool, &self.client);
                let why = unmovable(self.described(view)?, listed)?;
                Some(format!("Cannot move it to AWS Secrets Manager: {why}"))
            }
            Choice::RetireOlder | Choice::RetireNewer
                if matches!(slots, SecretPair::Unordered(..)) =>
            {
                Some("Unknown which of the two secrets is older".to_owned())
            }
            _ => None,
        }
    }

    fn choose(&mut self, choice: Choice, view: &View) -> Vec<Effect> {
        match choice {
            Choice::Prove => self.step(RotationStep::Prove),
            Choice::CopySecret => vec![Effect::Copy(self.added(ClientForm::Secret, view))],
            Choice::CopyJson => vec![Effect::Copy(self.added(ClientForm::Json, view))],
            Choice::Arrived => {
                // The next phase has another menu.
                self.at = None;
                vec![self.doing(RotationMark::Arrived)]
            }
            Choice::Leave | Choice::Close => self.leave(view),
            Choice::MoveIn | Choice::MoveOut | Choice::RotateNow => {
                let plan = self.plan(choice, view);
                plan.map(confirm::confirm).into_iter().collect()
            }
            Choice::Add
            | Choice::AddOwn
            | Choice::Give
            | Choice::To(_)
            | Choice::RetireOlder
            | Choice::RetireNewer => {
                self.ask(choice, view);
                Vec::new()
            }
        }
    }

    /// The plan for the secret in Secrets Manager; `None` while its data is not read.
    fn plan(&self, choice: Choice, view: &View) -> Option<Plan> {
        let client = self.described(view)?;
        let target = confirm::target(&self.pool, view.store);
        let secrets = view.store.secrets(&self.pool, &self.client).value();
        let secrets = secrets.map(Vec::len);
        Some(match choice {
            Choice::MoveIn => plan::move_secret(target, client, true, secrets),
            Choice::MoveOut => plan::move_secret(target, client, false, secrets),
            Choice::RotateNow => {
                let arn = self.arn(view)?;
                let secret = view.store.managed_secret(&self.pool, arn).value()?;
                plan::rotate_managed(target, client, secret)
            }
            _ => return None,
        })
    }

    /// Opens the form of a choice.
    fn ask(&mut self, choice: Choice, view: &View) {
        let form = fields(choice, view);
        self.asking = Some(Asking { choice, form });
    }

    /// Submits the form, or shows its errors.
    fn submit(&mut self, view: &View) -> Vec<Effect> {
        let Some(asking) = &self.asking else {
            return Vec::new();
        };
        let name = view.store.client_name(&self.pool, &self.client);
        let wanted = self.wanted(asking, &name, view);
        let guarded = is_guarded(asking.choice);
        if wanted.is_ok()
            && guarded
            && let Some(asking) = &mut self.asking
            && type_to_confirm::show_errors(&mut asking.form, view.session)
        {
            return Vec::new();
        }
        match wanted {
            Ok(effect) => {
                self.asking = None;
                self.at = None;
                vec![effect]
            }
            Err(reason) => {
                if let Some(asking) = &mut self.asking {
                    asking.form.set_error(TYPED, reason);
                }
                Vec::new()
            }
        }
    }

    fn wanted(&self, asking: &Asking, name: &str, view: &View) -> Result<Effect, String> {
        if view.store.is_stepping(&self.pool, &self.client) {
            return Err(UNDER_WAY.to_owned());
        }
        let text = asking.form.text(TYPED).trim();
        match asking.choice {
            Choice::Add => Ok(self.rotate(RotationStep::Add(None))),
            Choice::AddOwn | Choice::Give => {
                let secret = asking.form.secret(TYPED);
                let elsewhere = asking.choice == Choice::Give && view.session.endpoint.is_some();
                limits::secret_to_send(secret.expose_secret(), elsewhere)?;
                let given = TypedSecret::from(secret);
                Ok(self.rotate(if asking.choice == Choice::Give {
                    RotationStep::Keep(given)
                } else {
                    RotationStep::Add(Some(given))
                }))
            }
            Choice::To(place) => {
                let delivery = destinations::delivery(place, &asking.form, TYPED)?;
                let request = self.added(ClientForm::Json, view);
                Ok(Effect::Deliver(request, delivery))
            }
            choice => {
                if text != name {
                    return Err(format!("Type {name} to confirm"));
                }
                let ids = self.state(view).and_then(|(slots, _)| match slots {
                    SecretPair::Two { older, newer } => Some((older.id, newer.id)),
                    _ => None,
                });
                let (older, newer) = ids.ok_or("The client no longer has two secrets")?;
                Ok(self.rotate(if choice == Choice::RetireOlder {
                    RotationStep::DeleteOlder(older)
                } else {
                    RotationStep::DeleteNewer(newer)
                }))
            }
        }
    }

    fn step(&mut self, step: RotationStep) -> Vec<Effect> {
        self.at = None;
        vec![self.rotate(step)]
    }

    fn rotate(&self, step: RotationStep) -> Effect {
        Effect::Rotate(RotationCommand {
            pool: self.pool.clone(),
            client: self.client.clone(),
            step,
        })
    }

    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let choices = self.choices(view);
        let last = choices.len().saturating_sub(1);
        let at = self.chosen(view);
        let at = choices.iter().position(|one| Some(*one) == at).unwrap_or(0);
        let next = match action {
            Action::Down => at.saturating_add(1).min(last),
            Action::Up => at.saturating_sub(1),
            Action::Last => last,
            _ => 0,
        };
        self.at = choices.get(next).copied();
        Vec::new()
    }

    /// Whether the newer secret can be revealed.
    fn is_held(&self, view: &View) -> bool {
        self.state(view).is_some_and(|(_, doings)| doings.held)
    }

    fn leave(&self, view: &View) -> Vec<Effect> {
        let state = self.state(view);
        let over = state.is_some_and(|(slots, doings)| {
            RotationPhase::of(&slots, &doings) == RotationPhase::Finished
        });
        let over = over.then(|| self.doing(RotationMark::Over));
        over.into_iter().chain([Effect::Back]).collect()
    }

    fn doing(&self, doing: RotationMark) -> Effect {
        Effect::MarkRotation(self.pool.clone(), self.client.clone(), doing)
    }

    /// The request to copy or deliver the newer secret.
    fn added(&self, form: ClientForm, view: &View) -> CopyRequest {
        let endpoint = view.store.token_endpoint(&self.pool).ok();
        CopyRequest::Added {
            pool: self.pool.clone(),
            client: self.client.clone(),
            name: view.store.client_name(&self.pool, &self.client),
            endpoint: endpoint.flatten().map(str::to_owned),
            form,
        }
    }
}

impl Actions for Rotate {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{
            Back, Down, Enter, First, Last, Left, NextField, PrevField, Right, Toggle, Up,
        };
        if let Some(asking) = &self.asking {
            let submit = ActionRow::new(Enter, |screen: &mut Self, view| screen.submit(view));
            let moving: &[Action] = match asking.choice {
                Choice::To(place) if place.keeps() => {
                    &[NextField, Toggle, PrevField, Left, Right, Down, Up]
                }
                choice if is_guarded(choice) => &[NextField, PrevField],
                _ => &[],
            };
            return ActionRows::default()
                .with(submit.label(asking.choice.verb()))
                .with(ActionRow::ask(Back, Effect::Back).label("cancel"))
                .each(moving, |screen, action, _| {
                    if let Some(asking) = &mut screen.asking {
                        asking.form.act(action);
                    }
                    Vec::new()
                });
        }
        let select = ActionRow::new(Enter, |screen: &mut Self, view| {
            let choice = screen.chosen(view);
            choice.map_or_else(Vec::new, |choice| screen.choose(choice, view))
        });
        let reveal = ActionRow::new(Action::Reveal, |screen: &mut Self, _| {
            if screen.revealed.is_shown() {
                screen.revealed.hide();
                return Vec::new();
            }
            let (pool, client) = (screen.pool.clone(), screen.client.clone());
            vec![Effect::RevealAdded(pool, client)]
        });
        let of_client = Thing::Client(self.pool.clone(), self.client.clone()).rows(view);
        ActionRows::default()
            .with(
                select
                    .label("select")
                    .refused(|screen, view| screen.refusal(screen.chosen(view)?, view)),
            )
            .with(
                reveal
                    .label_if(self.revealed.is_shown(), "hide")
                    .refused_if(
                        !self.is_held(view),
                        "Unknown value: only a secret added in this session can be revealed",
                    ),
            )
            .each(&[Down, Up], Self::move_by)
            .with(ActionRow::new(Back, |screen: &mut Self, view| {
                screen.leave(view)
            }))
            .with(ActionRow::ask(Action::Refresh, Effect::Refresh))
            .and(of_client.without(&[Action::Rotate]))
            .each(&[First, Last], Self::move_by)
            .digits(|screen, nth, view| {
                let Some(choice) = Choice::numbered(screen.choices(view), nth) else {
                    return Vec::new();
                };
                screen.at = Some(choice);
                screen.choose(choice, view)
            })
            .digits_refused(|screen, nth, view| {
                let secrets = view.store.secrets(&screen.pool, &screen.client);
                let choices = screen.choices(view);
                match (Choice::numbered(choices, nth), secrets.known()) {
                    (Some(choice), _) => screen.refusal(choice, view),
                    (None, Err(unread)) if choices.is_empty() => {
                        Some(load_states::refusal(unread, "the secrets"))
                    }
                    (None, _) => Some("No choice of this step has this number".to_owned()),
                }
            })
    }
}

impl Screen for Rotate {
    fn title(&self, view: &View) -> String {
        format!(
            "{} › rotate",
            view.store.client_name(&self.pool, &self.client)
        )
    }

    fn queries(&self) -> Vec<Query> {
        vec![
            self.secrets(),
            Query::Client(self.pool.clone(), self.client.clone()),
            Query::Pool(self.pool.clone()),
        ]
    }

    fn prefetch(&mut self, view: &View, _room: usize) -> Vec<Query> {
        client_secret::queries(self.described(view), view)
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        let Asking { choice, form } = self.asking.as_mut()?;
        let taken = form.edit(event);
        choices::warn(*choice, form);
        taken.then(Vec::new)
    }

    fn close_inner(&mut self) -> bool {
        self.asking.take().is_some()
    }

    fn unsaved_reason(&self, view: &View) -> Option<String> {
        let asking = self.asking.as_ref()?;
        let blank = fields(asking.choice, view);
        confirm::unsaved(asking.form.differs_from(&blank))
    }

    fn on_event(&mut self, fact: &TaskEvent, view: &View) -> Vec<Effect> {
        match fact {
            TaskEvent::Rotated {
                what,
                outcome: Ok(_),
            } if (&what.pool, &what.client) == (&self.pool, &self.client) => {
                self.at = None;
                if what.step.writes() {
                    self.revealed.hide();
                }
            }
            TaskEvent::Copied {
                request: CopyRequest::Added { pool, client, .. },
                outcome: Ok(_),
                ..
            }
            | TaskEvent::Delivered {
                request: CopyRequest::Added { pool, client, .. },
                outcome: Ok(_),
            } if (pool, client) == (&self.pool, &self.client) => {
                self.at = Some(Choice::Arrived);
            }
            TaskEvent::RevealedAdded {
                pool,
                client,
                secret: Some(secret),
            } if (pool, client) == (&self.pool, &self.client) => {
                self.revealed.show(secret.clone(), view.now);
            }
            _ => {}
        }
        Vec::new()
    }

    fn hide_secrets(&mut self) {
        self.revealed.hide();
    }

    fn mode(&self) -> Mode {
        let asking = self.asking.as_ref();
        Mode::typing(asking.is_some_and(|asking| asking.form.is_typing()))
    }

    fn ticks(&self) -> Ticks {
        Ticks::every_second(self.revealed.ticks_until())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.draw_all(frame, area, view);
    }
}
