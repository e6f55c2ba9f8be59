//! The form for an app client's settings.

use crate::app::message::Query;
use crate::app::screen::View;
use crate::cognito::Error;
use crate::domain::client::{AppClient, ClientSettings, OAuthFlow, TimeUnit, Validity};
use crate::domain::client_rules::{EXPLICIT_AUTH_FLOWS, Setting, refusals, warnings};
use crate::domain::doctor::{Fix, fixed};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{Plan, edit_client};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::{OPEN_ID, ScopeName};
use crate::screens::shared::confirm::{one_more_row, target};
use crate::screens::shared::edit_form::FormModel;
use crate::ui::form::{Field, Form, Item};
use crate::ui::theme::Status;

const NAME: &str = "name";
const OAUTH: &str = "oauth";
const GRANTS: &str = "grants";
const SCOPES: &str = "scopes";
const ACCESS: &str = "access";
const ID: &str = "id";
const REFRESH: &str = "refresh";
const EXPLICIT: &str = "explicit";
const CALLBACK: &str = "callback";
const LOGOUT: &str = "logout";
const FIELDS: [&str; 10] = [
    NAME, OAUTH, GRANTS, SCOPES, ACCESS, ID, REFRESH, EXPLICIT, CALLBACK, LOGOUT,
];
const GRANT_WORDS: [&str; 3] = ["client_credentials", "code", "implicit"];
const ON: &str = "on";
const OFF: &str = "off";

/// One app client's settings.
pub struct ClientEditor {
    pool: PoolId,
    id: ClientId,
    /// The scopes of the current list, to rebuild it only when they change.
    offered: Vec<ScopeName>,
    /// Fixes that are filled in, and the setting that the user chooses.
    start: Option<(Vec<Fix>, Setting)>,
}

impl ClientEditor {
    pub fn new(pool: PoolId, client: ClientId) -> Self {
        Self {
            pool,
            id: client,
            offered: Vec::new(),
            start: None,
        }
    }

    /// The form with these fixes filled in, at `setting`.
    pub fn fixing(pool: PoolId, client: ClientId, fixes: Vec<Fix>, setting: Setting) -> Self {
        Self {
            start: Some((fixes, setting)),
            ..Self::new(pool, client)
        }
    }

    fn seen<'a>(&self, view: &View<'a>) -> Option<&'a AppClient> {
        view.store.client(&self.pool, &self.id).value()
    }

    /// Complete lists only: a scope that is not read would count as undefined.
    fn servers<'a>(&self, view: &View<'a>) -> Option<&'a [ResourceServer]> {
        view.store.servers(&self.pool).complete().ok()
    }

    /// The settings in the form, or the error of a lifetime and its field.
    fn wanted(seen: &AppClient, form: &Form) -> Result<ClientSettings, (&'static str, String)> {
        let mut after = seen.settings.clone();
        form.text(NAME).clone_into(&mut after.name);
        after.oauth_enabled = form.chosen(OAUTH) == Some(ON);
        let words = |key| -> Vec<String> {
            let checked = form.checked(key).into_iter();
            checked.map(str::to_owned).collect()
        };
        in_old_order(
            &mut after.flows,
            words(GRANTS)
                .iter()
                .map(|word| OAuthFlow::from(word.as_str())),
        );
        in_old_order(
            &mut after.scopes,
            words(SCOPES).into_iter().map(ScopeName::new),
        );
        in_old_order(&mut after.explicit_auth_flows, words(EXPLICIT).into_iter());
        after.callback_urls = form.entries(CALLBACK);
        after.logout_urls = form.entries(LOGOUT);
        for (key, life) in [
            (ACCESS, &mut after.access_token),
            (ID, &mut after.id_token),
            (REFRESH, &mut after.refresh_token),
        ] {
            // Untouched settings stay exactly the same.
            if form.text(key) != as_text(*life) {
                *life = form.text(key).parse().map_err(|reason| (key, reason))?;
            }
        }
        Ok(after)
    }

    fn offer_scopes(&mut self, form: &mut Form, seen: &AppClient, servers: &[ResourceServer]) {
        let mut offered: Vec<ScopeName> = servers
            .iter()
            .flat_map(ResourceServer::scope_names)
            .collect();
        let checked: Vec<ScopeName> = form
            .checked(SCOPES)
            .into_iter()
            .map(ScopeName::new)
            .collect();
        let signs_in = form
            .checked(GRANTS)
            .iter()
            .any(|grant| *grant != GRANT_WORDS[0]);
        if signs_in {
            offered.extend(OPEN_ID.map(ScopeName::new));
        }
        for scope in seen.settings.scopes.iter().chain(&checked) {
            if !offered.contains(scope) {
                offered.push(scope.clone());
            }
        }
        if offered == self.offered {
            return;
        }
        let items = offered.iter().map(|scope| {
            let state = ScopeState::of(scope, servers);
            let gone = state == ScopeState::Inactive;
            let (note, tone) = match state {
                ScopeState::Active => ("", Status::Plain),
                ScopeState::Inactive => ("undefined, will be removed", Status::Warn),
                ScopeState::OpenId => ("for user sign-in", Status::Plain),
                ScopeState::System => ("system scope", Status::Plain),
            };
            Item::new(scope.as_str(), scope.as_str())
                // It is removed in any case, so it is shown as unchecked.
                .checked(checked.contains(scope) && !gone)
                .note(note, tone)
        });
        form.set_items(SCOPES, items.collect());
        self.offered = offered;
    }
}

impl FormModel for ClientEditor {
    fn crumb(&self, view: &View) -> String {
        format!("{} › edit", view.store.client_name(&self.pool, &self.id))
    }

    fn title(&self, view: &View) -> String {
        format!(
            "Edit app client {}",
            view.store.client_name(&self.pool, &self.id)
        )
    }

    fn needs(&self) -> Vec<Query> {
        vec![
            Query::Client(self.pool.clone(), self.id.clone()),
            Query::ResourceServers(self.pool.clone()),
        ]
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        let client = view.store.client(&self.pool, &self.id).error();
        client.or(view.store.servers(&self.pool).error())
    }

    fn filled(&self, view: &View) -> Option<Form> {
        self.servers(view)?;
        Some(fill(&self.seen(view)?.settings))
    }

    fn started(&self, view: &View) -> Option<(Form, &'static str)> {
        let (fixes, setting) = self.start.as_ref()?;
        let settings = fixed(self.seen(view)?, fixes, self.servers(view)?);
        Some((fill(&settings), key_of(*setting)))
    }

    fn check(&mut self, form: &mut Form, view: &View) {
        let (Some(seen), Some(servers)) = (self.seen(view), self.servers(view)) else {
            return;
        };
        self.offer_scopes(form, seen, servers);
        for key in FIELDS {
            form.set_error(key, "");
        }
        form.set_hint(ACCESS, "5 min to 24 h");
        form.set_hint(ID, "5 min to 24 h");
        form.set_hint(REFRESH, "1 h to 10 years");
        let more = one_more_row(view);
        form.set_hint(CALLBACK, more.as_str());
        form.set_hint(LOGOUT, more);
        form.set_hint(
            EXPLICIT,
            if form.checked(EXPLICIT).is_empty() {
                "! none checked: Cognito allows SRP and custom auth"
            } else {
                ""
            },
        );
        let mut after = match Self::wanted(seen, form) {
            Ok(after) => after,
            Err((key, reason)) => return form.set_error(key, reason),
        };
        // The plan removes these.
        after.scopes.retain(|scope| {
            ScopeState::of(scope, servers) != ScopeState::Inactive
                || !seen.settings.scopes.contains(scope)
        });
        for warning in warnings(&after) {
            form.set_hint(key_of(warning.setting), format!("! {}", warning.objection));
        }
        let secret = view.store.secret_state(seen);
        for refusal in refusals(seen, &secret, &after, servers) {
            let key = key_of(refusal.setting);
            if form.error(key).is_empty() {
                form.set_error(key, refusal.objection);
            }
        }
    }

    fn plan(&self, form: &Form, view: &View) -> Result<Plan, String> {
        let (Some(seen), Some(servers)) = (self.seen(view), self.servers(view)) else {
            return Err("Still loading the current state".to_owned());
        };
        let after = Self::wanted(seen, form).map_err(|(_, reason)| reason)?;
        let target = target(&self.pool, view.store);
        Ok(edit_client(target, seen, &after, servers))
    }
}

/// The form with these settings.
fn fill(set: &ClientSettings) -> Form {
    let oauth = |id, label| Item::new(id, label).checked((id == ON) == set.oauth_enabled);
    Form::new(vec![
        Field::text(NAME, "Name", set.name.as_str()),
        Field::radio(
            OAUTH,
            "OAuth",
            vec![oauth(ON, "on"), oauth(OFF, "off (no tokens)")],
        ),
        Field::checks(
            GRANTS,
            "Grants",
            items(&GRANT_WORDS, set.flows.iter().map(OAuthFlow::as_str)),
        ),
        Field::checks(
            SCOPES,
            "Scopes",
            items(&[], set.scopes.iter().map(ScopeName::as_str)),
        ),
        Field::text(ACCESS, "Access token", as_text(set.access_token)),
        Field::text(ID, "ID token", as_text(set.id_token)),
        Field::text(REFRESH, "Refresh token", as_text(set.refresh_token)),
        Field::checks(
            EXPLICIT,
            "Explicit flows",
            items(
                &EXPLICIT_AUTH_FLOWS,
                set.explicit_auth_flows.iter().map(String::as_str),
            ),
        ),
        Field::rows(CALLBACK, "Callback URLs", set.callback_urls.clone()),
        Field::rows(LOGOUT, "Logout URLs", set.logout_urls.clone()),
    ])
}

fn key_of(setting: Setting) -> &'static str {
    match setting {
        Setting::Name => NAME,
        Setting::OAuth => OAUTH,
        Setting::Flows => GRANTS,
        Setting::Scopes => SCOPES,
        Setting::AccessToken => ACCESS,
        Setting::IdToken => ID,
        Setting::RefreshToken => REFRESH,
        Setting::ExplicitAuthFlows => EXPLICIT,
        Setting::CallbackUrls => CALLBACK,
        Setting::LogoutUrls => LOGOUT,
    }
}

/// The known values, then unknown ones that are set; set ones are checked.
fn items<'a>(known: &[&'a str], set: impl Iterator<Item = &'a str>) -> Vec<Item> {
    let set: Vec<&str> = set.collect();
    let others = set.iter().filter(|value| !known.contains(value));
    known
        .iter()
        .chain(others)
        .map(|value| Item::new(*value, *value).checked(set.contains(value)))
        .collect()
}

/// The wanted values in their old order: another order is no change.
fn in_old_order<T: PartialEq>(there: &mut Vec<T>, wanted: impl Iterator<Item = T>) {
    let wanted: Vec<T> = wanted.collect();
    there.retain(|item| wanted.contains(item));
    for item in wanted {
        if !there.contains(&item) {
            there.push(item);
        }
    }
}

/// A lifetime as text, in its unit.
fn as_text(life: Validity) -> String {
    let unit = match life.unit {
        TimeUnit::Seconds => "s",
        TimeUnit::Minutes => "min",
        TimeUnit::Hours => "h",
        TimeUnit::Days => "d",
        TimeUnit::Unknown => life.unit.as_api(),
    };
    format!("{} {unit}", life.value)
}
