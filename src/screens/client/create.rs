//! A new app client: AWS TEAM's `machine_auth` as it is, or one of one's own. Whatever Cognito would refuse is refused here, while
//! it is typed, with the reason.

use std::rc::Rc;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{Effect, Notice, PlanRequest, Query, Route, TaskEvent};
use crate::app::screen::{Screen, View};
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
/// The secret is generated and kept in AWS Secrets Manager.
const MANAGED: &str = "managed";
const CALLBACK: &str = "callback";
const ABOUT: &str = "about";
/// What a name may hold, told before anything is wrong with it.
const NAME_HINT: &str = "letters, digits, spaces and _+=,.@-";
/// What only the free form asks.
const FREE_FIELDS: [&str; 5] = [NAME, SCOPES, LIFETIME, GRANTS, SECRET];

/// The form.
pub struct NewClientForm {
    pool: PoolId,
    form: Form,
    /// The form as it was opened.
    blank: Form,
    /// The scopes the list was last made of, so that it is made anew only when they change.
    offered: Vec<ScopeName>,
    planning: DraftPlanner,
    /// What the pool has already did not come: that is shown in place of the form, and letters are keys again.
    unread: bool,
    /// The fields that were filled in, or left: of the others it is not said that they are wrong.
    touched: Vec<&'static str>,
    /// The form was sent once: now all that is wrong is said.
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
                    Item::new(FREE, "my own"),
                ],
            ),
            Field::note(ABOUT, ""),
            Field::text(NAME, "Name", "").hidden(),
            Field::checks(SCOPES, "Scopes", Vec::new()).hidden(),
            Field::text(LIFETIME, "Token lifetime", "1 h").hidden(),
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
                .hint("where users come back to after sign-in")
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

    /// Whether users sign in with this client: then OpenID scopes and a callback URL make sense.
    fn signs_users_in(&self) -> bool {
        self.flows()
            .iter()
            .any(|flow| matches!(flow, OAuthFlow::Code | OAuthFlow::Implicit))
    }

    /// What the form describes.
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

    /// Brings fields, notes and errors up to date with what was typed and what was read.
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
                // A machine that asks once per lifetime; COST's own arithmetic.
                let a_month = 730 * 3_600 / validity.seconds().unwrap_or(0).max(1);
                self.form.set_hint(
                    LIFETIME,
                    format!("about {a_month} tokens a month for each machine that reuses them"),
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
                Severity::Error => self.show_error(key, &problem.message),
                Severity::Warning => self.form.set_hint(key, format!("! {}", problem.message)),
            }
        }
    }

    /// Says what is wrong with a field, once somebody had a chance to put it right.
    fn show_error(&mut self, key: &'static str, reason: &str) {
        if self.tried || self.touched.contains(&key) {
            self.form.set_error(key, reason);
        }
    }

    /// Lets the form do something, and takes note of the field that was filled in or left by it.
    fn touch(&mut self, fills_in: bool, deed: impl FnOnce(&mut Form) -> bool) -> bool {
        let before = self.form.focused();
        let done = deed(&mut self.form);
        let left = self.form.focused() != before;
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

    /// What will happen, in words.
    fn about(&self, view: &View) -> String {
        let plan = self.plan(view);
        let Some((plan, _)) = plan.as_ref() else {
            return if self.planning.is_reading(view) {
                format!(
                    "{} reading what the pool has already",
                    spinner(view.spinner)
                )
            } else {
                String::new()
            };
        };
        if !self.is_preset() {
            return String::new();
        }
        let preset = "The client of AWS TEAM's api-machine-auth.sh, field for field: client_credentials, the scope api/admin, \
                      a generated secret, tokens of 1 hour.";
        let steps = plan.steps.iter().map(|step| match step {
            Step::CreateServer(server) => {
                format!(" This pool has no resource server {} yet, so that is made first.", server.identifier)
            }
            Step::AddScopes { before, .. } => {
                format!(" The resource server {} lacks the scope, so that is added first.", before.identifier)
            }
            Step::There(Existing::Server { identifier }) => format!(" The resource server {identifier} is there already."),
            Step::There(Existing::Client { name, .. }) => {
                format!(" There is a client {name} already: a second one would confuse every script that looks it up by name.")
            }
            Step::UpdateClient { before, .. } => format!(
                " There is a client {} already, and it is not as it should be: it is put right, each change old -> new.",
                before.settings.name
            ),
            _ => String::new(),
        });
        let told = steps.fold(preset.to_owned(), |text, step| text + &step);
        let obstacles = plan.obstacles.iter();
        obstacles.fold(told, |text, obstacle| format!("{text} ✗ {obstacle}"))
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

    fn actions(&self) -> &'static [Action] {
        confirm::FORM_KEYS
    }

    fn label(&self, action: Action) -> &'static str {
        confirm::form_word(action)
    }

    fn disabled_reason(&self, _action: Action, view: &View) -> Option<String> {
        let again = view.keys.label(Action::Refresh);
        self.unread.then(|| {
            format!(
                "What the pool has already is not known, and without it things could be made twice: {again} tries again"
            )
        })
    }

    fn pending_reason(&mut self, action: Action, view: &View) -> Option<String> {
        // Without it things could be made twice.
        let waits = action == Action::Submit
            && self.planning.state(view) != LoadState::Failed
            && self.wanted().is_ok()
            && self.plan(view).is_none();
        waits.then(|| "The plan opens as soon as what the pool has already is read".to_owned())
    }

    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect> {
        if action != Action::Submit {
            let fills_in = matches!(action, Action::Toggle | Action::Left | Action::Right);
            self.touch(fills_in, |form| form.act(action));
            return Vec::new();
        }
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
            return vec![Effect::Notice(Notice::warn(problem.message.clone()))];
        }
        if plan.is_settled() {
            let there = plan
                .client_found()
                .map(|id| Route::Client(self.pool.clone(), id.clone()));
            let instead = Effect::Replace {
                of: Route::NewClient(self.pool.clone()),
                go: there.into_iter().collect(),
            };
            let notice = Effect::Notice(Notice::good("Already there: nothing to make"));
            return vec![instead, notice];
        }
        let plan = plan.clone();
        vec![Effect::Open(Route::Plan(PlanRequest { plan }))]
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
        // What was filled in and is written can be left without a question.
        if done.failed.is_none() && change.plan.steps.iter().any(of_it) {
            self.blank = self.form.clone();
        }
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        (!self.unread && self.touch(true, |form| form.edit(event))).then(Vec::new)
    }

    fn is_typing(&self) -> bool {
        !self.unread && self.form.is_typing()
    }

    fn is_form(&self) -> bool {
        !self.unread
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        // Looking at the other preset fills nothing in.
        confirm::unsaved(self.form.differs_beyond(&self.blank, PRESET))
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
