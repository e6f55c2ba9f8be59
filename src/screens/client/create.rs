//! The form for a new app client: AWS TEAM's `machine_auth` or a custom one. It checks Cognito's rules while
//! the user types.

use std::rc::Rc;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{Effect, Notice, PlanRequest, Query, Route, TaskEvent};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::domain::client::{OAuthFlow, Validity};
use crate::domain::ids::PoolId;
use crate::domain::new_client::{self, Severity};
use crate::domain::plan::{Existing, Step};
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::{OPEN_ID, ScopeName};
use crate::input::Action;
use crate::screens::client::create_plan::{ClientDraft, DraftPlan, DraftPlanner, LoadState};
use crate::screens::shared::{confirm, load_states};
use crate::ui::form::{Field, Form, Item};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::spinner;
use crate::ui::theme::Status;

const PRESET: &str = "preset";
pub(super) const MACHINE_AUTH: &str = "machine_auth";
const FREE: &str = "free";
const NAME: &str = "name";
const SCOPES: &str = "scopes";
const LIFETIME: &str = "lifetime";
const GRANTS: &str = "grants";
const SECRET: &str = "secret";
/// Cognito generates the secret in AWS Secrets Manager.
const MANAGED: &str = "managed";
const CALLBACK: &str = "callback";
const ABOUT: &str = "about";
/// The characters a name may have.
const NAME_HINT: &str = "letters, digits, spaces and _+=,.@-";
/// The fields of a custom client.
const FREE_FIELDS: [&str; 5] = [NAME, SCOPES, LIFETIME, GRANTS, SECRET];

/// The form.
pub struct NewClientForm {
    pool: PoolId,
    form: Form,
    /// The form when it was opened.
    blank: Form,
    /// The scopes of the current list, to rebuild it only when they change.
    offered: Vec<ScopeName>,
    planning: DraftPlanner,
    /// The current state failed to load: the error replaces the form, and letters are keys.
    unread: bool,
    /// The fields that the user filled in or left. Others show no errors.
    touched: Vec<String>,
    /// The form was submitted once: all fields show errors.
    tried: bool,
}

impl NewClientForm {
    /// A form with the `machine_auth` preset chosen.
    pub fn new(pool: PoolId) -> Self {
        let grant =
            |flow: &OAuthFlow, checked| Item::new(flow.as_str(), flow.as_str()).checked(checked);
        let form = Form::new(vec![
            Field::radio(
                PRESET,
                "Preset",
                vec![
                    Item::new(MACHINE_AUTH, "machine_auth (AWS TEAM)").checked(true),
                    Item::new(FREE, "Custom"),
                ],
            ),
            Field::note(ABOUT, ""),
            Field::text(NAME, "Name", "").hidden(),
            Field::checks(SCOPES, "Scopes", Vec::new()).hidden(),
            Field::text(LIFETIME, "Token lifetime", "1 h")
                .suggested()
                .hidden(),
            Field::checks(
                GRANTS,
                "Grants",
                vec![
                    grant(&OAuthFlow::ClientCredentials, true),
                    grant(&OAuthFlow::Code, false),
                    grant(&OAuthFlow::Implicit, false),
                ],
            )
            .hidden(),
            Field::text(CALLBACK, "Callback URL", "")
                .hint("redirect after sign-in")
                .hidden(),
            Field::radio(
                SECRET,
                "Secret",
                vec![
                    Item::new("yes", "generate").checked(true),
                    Item::new(MANAGED, "Secrets Manager"),
                    Item::new("no", "none (public client)"),
                ],
            )
            .hidden(),
        ]);
        Self {
            planning: DraftPlanner::new(pool.clone()),
            pool,
            blank: form.clone(),
            form,
            offered: Vec::new(),
            unread: false,
            touched: Vec::new(),
            tried: false,
        }
    }

    fn is_preset(&self) -> bool {
        self.form.chosen(PRESET) == Some(MACHINE_AUTH)
    }

    fn flows(&self) -> Vec<OAuthFlow> {
        self.form
            .checked(GRANTS)
            .into_iter()
            .map(OAuthFlow::from)
            .collect()
    }

    /// Whether users sign in with this client, which needs OpenID scopes and a callback URL.
    fn signs_users_in(&self) -> bool {
        self.flows()
            .iter()
            .any(|flow| matches!(flow, OAuthFlow::Code | OAuthFlow::Implicit))
    }

    /// The client that the form describes.
    fn wanted(&self) -> Result<ClientDraft, String> {
        if self.is_preset() {
            return Ok(ClientDraft {
                client: new_client::machine_auth(),
                server: Some(new_client::machine_auth_server()),
            });
        }
        let validity: Validity = self.form.text(LIFETIME).parse()?;
        let scopes = self
            .form
            .checked(SCOPES)
            .into_iter()
            .map(ScopeName::new)
            .collect();
        let mut client = new_client::m2m(self.form.text(NAME), scopes, validity);
        client.flows = self.flows();
        client.oauth_enabled = !client.flows.is_empty();
        client.generate_secret = self.form.chosen(SECRET) != Some("no");
        client.managed_secret = self.form.chosen(SECRET) == Some(MANAGED);
        if self.signs_users_in() {
            client.identity_providers = vec!["COGNITO".to_owned()];
            let url = self.form.text(CALLBACK).trim();
            client.callback_urls = (!url.is_empty())
                .then(|| url.to_owned())
                .into_iter()
                .collect();
        }
        let server = None;
        Ok(ClientDraft { client, server })
    }

    fn plan(&self, view: &View) -> Rc<Option<DraftPlan>> {
        self.planning.plan(self.wanted().ok(), view)
    }

    /// Updates fields, notes and errors.
    fn refresh(&mut self, view: &View) {
        let preset = self.is_preset();
        for key in FREE_FIELDS {
            self.form.set_visible(key, !preset);
        }
        self.form
            .set_visible(CALLBACK, !preset && self.signs_users_in());
        self.offer_scopes(view);
        self.form.set_text(ABOUT, self.about(view));
        for key in FREE_FIELDS.into_iter().chain([CALLBACK, PRESET]) {
            self.form.set_error(key, "");
        }
        self.form.set_hint(NAME, NAME_HINT);
        for key in [SCOPES, GRANTS, SECRET] {
            self.form.set_hint(key, "");
        }
        let servers = view.store.servers(&self.pool);
        let none = load_states::sentence(servers, "resource servers", "none", view);
        self.form.set_empty(SCOPES, none);
        if preset {
            return;
        }
        match self.form.text(LIFETIME).parse::<Validity>() {
            Err(reason) => self.show_error(LIFETIME, &reason),
            Ok(validity) => {
                // For a machine that requests one token per lifetime.
                let a_month = 730 * 3_600 / validity.seconds().unwrap_or(0).max(1);
                self.form.set_hint(
                    LIFETIME,
                    format!("about {a_month} tokens a month per machine, if cached"),
                );
            }
        }
        let plan = self.plan(view);
        let Some((_, problems)) = plan.as_ref() else {
            return;
        };
        for problem in problems {
            let key = key_of(problem.field);
            match problem.severity {
                Severity::Error => self.show_error(key, &problem.objection.to_string()),
                Severity::Warning => self.form.set_hint(key, format!("! {}", problem.objection)),
            }
        }
    }

    /// Shows the error of a field, once the user could fix it.
    fn show_error(&mut self, key: &'static str, reason: &str) {
        if self.tried || self.touched.iter().any(|touched| touched == key) {
            self.form.set_error(key, reason);
        }
    }

    /// Acts on the form, and records the field that was filled in or left.
    fn touch(&mut self, fills_in: bool, deed: impl FnOnce(&mut Form) -> bool) -> bool {
        let before = self.form.focused().map(str::to_owned);
        let done = deed(&mut self.form);
        let left = self.form.focused() != before.as_deref();
        let touched = before.filter(|key| !self.touched.contains(key));
        self.touched
            .extend(touched.filter(|_| left || done && fills_in));
        done
    }

    fn offer_scopes(&mut self, view: &View) {
        let mut offered: Vec<ScopeName> = view
            .store
            .servers(&self.pool)
            .partial()
            .iter()
            .flat_map(ResourceServer::scope_names)
            .collect();
        if self.signs_users_in() {
            offered.extend(OPEN_ID.map(ScopeName::new));
        }
        if offered == self.offered {
            return;
        }
        let checked: Vec<String> = self
            .form
            .checked(SCOPES)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let items = offered.iter().map(|scope| {
            let note = if scope.is_for_machines() {
                ""
            } else {
                "for user sign-in"
            };
            Item::new(scope.as_str(), scope.as_str())
                .checked(checked.iter().any(|c| c == scope.as_str()))
                .note(note, Status::Plain)
        });
        self.form.set_items(SCOPES, items.collect());
        self.offered = offered;
    }

    /// What the plan will do.
    fn about(&self, view: &View) -> String {
        let plan = self.plan(view);
        let Some((plan, _)) = plan.as_ref() else {
            return if self.planning.is_reading(view) {
                format!("{} loading the current state", spinner(view.spinner))
            } else {
                String::new()
            };
        };
        if !self.is_preset() {
            return String::new();
        }
        let preset = "Same as AWS TEAM's api-machine-auth.sh: client_credentials, scope api/admin, generated secret, 1 hour tokens.";
        let steps = plan.steps.iter().map(|step| match step {
            Step::CreateServer(server) => {
                format!(" Creates the resource server {} first.", server.identifier)
            }
            Step::AddScopes { before, .. } => {
                format!(" Adds the scope to the resource server {} first.", before.identifier)
            }
            Step::There(Existing::Server { identifier }) => format!(" The resource server {identifier} exists."),
            Step::There(Existing::Client { name, .. }) => {
                format!(" The client {name} exists already; scripts find it by name, so a second one is not created.")
            }
            Step::UpdateClient { before, .. } => format!(
                " The client {} exists with other settings; the plan changes them (old -> new).",
                before.settings.name
            ),
            _ => String::new(),
        });
        let text = steps.fold(preset.to_owned(), |text, step| text + &step);
        let obstacles = plan.obstacles.iter();
        obstacles.fold(text, |text, obstacle| format!("{text} ✗ {obstacle}"))
    }

    fn show_plan(&mut self, view: &View) -> Vec<Effect> {
        self.tried = true;
        self.refresh(view);
        if let Err(reason) = self.wanted() {
            self.form.focus(LIFETIME);
            return vec![Effect::Notice(Notice::warn(format!(
                "Token lifetime: {reason}"
            )))];
        }
        let plan = self.plan(view);
        let Some((plan, problems)) = plan.as_ref() else {
            return Vec::new();
        };
        if let Some(problem) = problems
            .iter()
            .find(|problem| problem.severity == Severity::Error)
        {
            self.form.focus(key_of(problem.field));
            return vec![Effect::Notice(Notice::warn(problem.objection.to_string()))];
        }
        if plan.is_settled() {
            let there = plan
                .client_found()
                .map(|id| Route::Client(self.pool.clone(), id.clone()));
            let instead = Effect::Replace {
                of: Route::NewClient(self.pool.clone()),
                go: there.into_iter().collect(),
            };
            let notice = Effect::Notice(Notice::good("Exists already; nothing to create"));
            return vec![instead, notice];
        }
        let plan = plan.clone();
        vec![Effect::Open(Route::Plan(PlanRequest { plan }))]
    }
}

impl Actions for NewClientForm {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        let unread = self.unread;
        let rows = confirm::form_rows(
            ActionRow::new(Action::Submit, Self::show_plan).waits(|screen, view| {
                // Without the current state, resources could be created twice.
                let waits = screen.planning.state(view) != LoadState::Failed
                    && screen.wanted().is_ok()
                    && screen.plan(view).is_none();
                waits.then(|| "The plan opens when the current state is loaded".to_owned())
            }),
            |screen: &mut Self, action, _| {
                let fills_in = matches!(action, Action::Toggle | Action::Left | Action::Right);
                screen.touch(fills_in, |form| form.act(action));
            },
        );
        rows.refused(move |_, view| {
            let again = view.keys.label(Action::Refresh);
            unread.then(|| {
                format!(
                    "The current state is unknown, so a client could be created twice: {again} to retry"
                )
            })
        })
    }
}

impl Screen for NewClientForm {
    fn title(&self, _view: &View) -> String {
        "new client".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        self.planning.needs()
    }

    fn on_update(&mut self, view: &View) -> Vec<Effect> {
        let is_preset = self.is_preset();
        self.planning.look_for_namesake(is_preset, view);
        self.unread = self.planning.state(view) == LoadState::Failed;
        Vec::new()
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        let TaskEvent::PlanFinished { change, done } = fact else {
            return Vec::new();
        };
        let Ok(wanted) = self.wanted() else {
            return Vec::new();
        };
        let of_it =
            |step: &Step| matches!(step, Step::CreateClient(made) if *made == wanted.client);
        // A written form can be left without a question.
        if done.failed.is_none() && change.plan.steps.iter().any(of_it) {
            self.blank = self.form.clone();
        }
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        (!self.unread && self.touch(true, |form| form.edit(event))).then(Vec::new)
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        // A change of the preset fills nothing in.
        confirm::unsaved(self.form.differs_beyond(&self.blank, PRESET))
    }

    fn mode(&self) -> Mode {
        Mode::form(!self.unread, !self.unread && self.form.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.refresh(view);
        let title = format!("New app client in {}", view.store.pool_name(&self.pool));
        let inner = Pane::titled(&title).draw(frame, area, view.theme);
        if let Some(error) = self.planning.error(view) {
            return load_states::draw_error(frame, inner, error, view);
        }
        if self.unread {
            return load_states::draw_unread(frame, inner, view);
        }
        self.form.draw(frame, inner, view.theme);
    }
}

/// The form's field for a setting.
fn key_of(field: new_client::Field) -> &'static str {
    match field {
        new_client::Field::Name => NAME,
        new_client::Field::Secret => SECRET,
        new_client::Field::OAuth | new_client::Field::Flows => GRANTS,
        new_client::Field::Scopes => SCOPES,
        new_client::Field::CallbackUrls => CALLBACK,
        new_client::Field::AccessToken => LIFETIME,
    }
}
