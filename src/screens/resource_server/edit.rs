//! The forms that create and edit a resource server.

use std::rc::Rc;

use crate::app::message::Query;
use crate::app::screen::View;
use crate::cognito::Error;
use crate::domain::ids::PoolId;
use crate::domain::limits;
use crate::domain::plan::{
    CurrentState, DesiredPool, DesiredState, Plan, edit_server, holders_of, set_up,
};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::screens::shared::confirm::{one_more_row, target};
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::edit_form::FormModel;
use crate::screens::shared::memo::Memo;
use crate::screens::shared::scope_holders::{self, AffectedClients};
use crate::ui::form::{Field, Form, Item};

const IDENTIFIER: &str = "identifier";
const NAME: &str = "name";
const SCOPES: &str = "scopes";
const ABOUT: &str = "about";
const PRUNE: &str = "prune";
const YES: &str = "yes";
const SCOPES_HINT: &str = "name, space, description";

fn scopes_hint(view: &View) -> String {
    let more = one_more_row(view);
    let hints = [SCOPES_HINT, &more];
    let text = hints.into_iter().filter(|hint| !hint.is_empty());
    text.collect::<Vec<_>>().join("; ")
}

/// Edits a resource server: its name, and its scopes with their descriptions.
pub struct ServerEditor {
    pool: PoolId,
    identifier: String,
    asking: DetailLoader,
    /// The clients that hold removed scopes, keyed by Store version.
    holders: Memo<(u64, Vec<ScopeName>), AffectedClients>,
}

impl ServerEditor {
    pub fn new(pool: PoolId, identifier: String) -> Self {
        Self {
            pool,
            identifier,
            asking: DetailLoader::settings(),
            holders: Memo::default(),
        }
    }

    fn seen<'a>(&self, view: &View<'a>) -> Option<&'a ResourceServer> {
        let mut servers = view.store.servers(&self.pool).complete().ok()?.iter();
        servers.find(|server| server.identifier == self.identifier)
    }

    fn wanted(seen: &ResourceServer, form: &Form) -> ResourceServer {
        ResourceServer {
            name: form.text(NAME).to_owned(),
            scopes: scopes(form, &seen.scopes),
            ..seen.clone()
        }
    }

    fn holders(&self, going: &[ScopeName], view: &View) -> Rc<AffectedClients> {
        let of = (view.store.version(), going.to_vec());
        self.holders
            .of(of, || AffectedClients::of(&self.pool, going, view))
    }

    /// The removed scopes.
    fn going(seen: &ResourceServer, form: &Form) -> Vec<ScopeName> {
        let stays: Vec<ScopeName> = Self::wanted(seen, form).scope_names().collect();
        let mut going: Vec<ScopeName> = seen.scope_names().collect();
        going.retain(|scope| !stays.contains(scope));
        going
    }
}

impl FormModel for ServerEditor {
    fn crumb(&self, _view: &View) -> String {
        format!("{} › edit", self.identifier)
    }

    fn title(&self, _view: &View) -> String {
        format!("Edit resource server {}", self.identifier)
    }

    fn needs(&self) -> Vec<Query> {
        scope_holders::needs(&self.pool).to_vec()
    }

    fn details(&mut self, form: &Form, view: &View, room: usize) -> Vec<Query> {
        let going = self
            .seen(view)
            .is_some_and(|seen| !Self::going(seen, form).is_empty());
        if !going {
            return Vec::new();
        }
        scope_holders::details(&mut self.asking, &self.pool, view, room)
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        view.store.servers(&self.pool).error()
    }

    fn filled(&self, view: &View) -> Option<Form> {
        let seen = self.seen(view)?;
        Some(Form::new(vec![
            Field::text(NAME, "Name", seen.name.as_str()).hint("display name, not part of scopes"),
            Field::rows(SCOPES, "Scopes", seen.scopes.iter().map(row).collect())
                .hint(scopes_hint(view)),
            Field::note(ABOUT, ""),
            Field::radio(
                PRUNE,
                "Clients",
                vec![
                    Item::new("no", "leave unchanged").checked(true),
                    Item::new(YES, "remove from clients first"),
                ],
            )
            .hidden(),
        ]))
    }

    fn check(&mut self, form: &mut Form, view: &View) {
        let Some(seen) = self.seen(view) else { return };
        let wanted = Self::wanted(seen, form);
        form.set_error(NAME, "");
        if let Err(reason) = limits::resource_server_name(&wanted.name) {
            form.set_error(NAME, reason);
        }
        form.set_error(SCOPES, scopes_error(&wanted.scopes).unwrap_or_default());
        let going = Self::going(seen, form);
        let holders = self.holders(&going, view);
        form.set_visible(PRUNE, !going.is_empty() && !holders.found.is_empty());
        form.set_text(
            ABOUT,
            if going.is_empty() {
                String::new()
            } else {
                about(&going, &holders, &self.pool, view)
            },
        );
    }

    fn unread(&self, form: &Form, view: &View) -> Option<String> {
        let going = Self::going(self.seen(view)?, form);
        let holders = self.holders(&going, view);
        // A form has no key to ask for them: the plan says that they are not read.
        let reads = !going.is_empty() && !holders.is_over() && !holders.is_held();
        reads.then(|| "Still checking which clients have the removed scopes".to_owned())
    }

    fn plan(&self, form: &Form, view: &View) -> Result<Plan, String> {
        let Some(seen) = self.seen(view) else {
            return Err("Still loading the resource server".to_owned());
        };
        let going = Self::going(seen, form);
        let holders = self.holders(&going, view);
        let mut plan = edit_server(
            target(&self.pool, view.store),
            seen,
            &Self::wanted(seen, form),
            &holders.found,
            view.store.servers(&self.pool).partial(),
            form.chosen(PRUNE) == Some(YES),
        );
        if !going.is_empty() {
            plan.warnings.extend(holders.unread(&self.pool, view));
        }
        Ok(plan)
    }
}

/// What happens to the clients that hold removed scopes.
fn about(going: &[ScopeName], holders: &AffectedClients, pool: &PoolId, view: &View) -> String {
    let names: Vec<&str> = going.iter().map(ScopeName::as_str).collect();
    let goes = format!("Removes {}.", names.join(", "));
    if !holders.is_held()
        && let Some(progress) = holders.progress(view)
    {
        return format!("{goes} {progress}");
    }
    let held: Vec<String> = holders_of(going, &holders.found)
        .into_iter()
        .map(|holder| holder.name)
        .collect();
    let held = if held.is_empty() {
        holders.no_holders_text("it").unwrap_or_default()
    } else {
        format!(
            "Clients with it: {}. If left unchanged, their tokens silently lose it.",
            held.join(", ")
        )
    };
    let unread = holders.unread(pool, view).unwrap_or_default();
    let parts = [goes, held, unread].into_iter();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The form for a new resource server.
pub struct NewServerEditor {
    pool: PoolId,
}

impl NewServerEditor {
    pub fn new(pool: PoolId) -> Self {
        Self { pool }
    }

    fn wanted(form: &Form) -> ResourceServer {
        let identifier = form.text(IDENTIFIER).trim().to_owned();
        let name = form.text(NAME).trim();
        ResourceServer {
            name: if name.is_empty() { &identifier } else { name }.to_owned(),
            identifier,
            scopes: scopes(form, &[]),
            ..ResourceServer::default()
        }
    }
}

impl FormModel for NewServerEditor {
    fn crumb(&self, _view: &View) -> String {
        "new resource server".to_owned()
    }

    fn title(&self, view: &View) -> String {
        format!(
            "New resource server in {}",
            view.store.pool_name(&self.pool)
        )
    }

    fn needs(&self) -> Vec<Query> {
        vec![
            Query::Pool(self.pool.clone()),
            Query::ResourceServers(self.pool.clone()),
        ]
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        let pool = view.store.pool(&self.pool).error();
        pool.or(view.store.servers(&self.pool).error())
    }

    fn filled(&self, view: &View) -> Option<Form> {
        view.store.servers(&self.pool).complete().ok()?;
        view.store.pool(&self.pool).value()?;
        Some(Form::new(vec![
            Field::text(IDENTIFIER, "Identifier", "")
                .hint("scope prefix, before the /; cannot be changed later"),
            Field::text(NAME, "Name", "").hint("display name; default: the identifier"),
            Field::rows(SCOPES, "Scopes", Vec::new()).hint(scopes_hint(view)),
        ]))
    }

    fn first_to_fill(&self) -> Option<&'static str> {
        Some(IDENTIFIER)
    }

    fn check(&mut self, form: &mut Form, view: &View) {
        let wanted = Self::wanted(form);
        for key in [IDENTIFIER, NAME] {
            form.set_error(key, "");
        }
        form.set_error(SCOPES, scopes_error(&wanted.scopes).unwrap_or_default());
        // The user could not type it yet.
        if wanted.identifier.is_empty() {
            return;
        }
        let servers = view.store.servers(&self.pool).partial();
        if let Err(reason) = limits::resource_server_identifier(&wanted.identifier) {
            form.set_error(IDENTIFIER, reason);
        } else if servers
            .iter()
            .any(|server| server.identifier == wanted.identifier)
        {
            form.set_error(
                IDENTIFIER,
                "Exists already: choose another identifier, or edit that server.",
            );
        } else if let Err(reason) = limits::resource_server_name(&wanted.name) {
            form.set_error(NAME, reason);
        }
    }

    fn plan(&self, form: &Form, view: &View) -> Result<Plan, String> {
        let server = Self::wanted(form);
        limits::resource_server(&server)?;
        let (Some(pool), Ok(servers)) = (
            view.store.pool(&self.pool).value(),
            view.store.servers(&self.pool).complete(),
        ) else {
            return Err("Still loading the current state".to_owned());
        };
        let wanted = DesiredState {
            pool: DesiredPool::This(self.pool.clone()),
            servers: vec![server],
            client: None,
            domain: None,
        };
        let found = CurrentState {
            pool: Some(pool.clone()),
            servers: servers.to_vec(),
            ..CurrentState::default()
        };
        Ok(set_up(&wanted, &found))
    }
}

fn row(scope: &Scope) -> String {
    format!("{} {}", scope.name, scope.description)
}

/// The typed scopes. An untouched row keeps its scope exactly.
fn scopes(form: &Form, were: &[Scope]) -> Vec<Scope> {
    let typed = form.entries(SCOPES).into_iter();
    typed
        .map(|text| {
            if let Some(was) = were.iter().find(|was| row(was).trim() == text) {
                return was.clone();
            }
            let (name, description) = text.split_once(char::is_whitespace).unwrap_or((&text, ""));
            Scope {
                name: name.to_owned(),
                description: description.trim().to_owned(),
            }
        })
        .collect()
}

/// The error of the first invalid scope.
fn scopes_error(scopes: &[Scope]) -> Option<String> {
    for (at, scope) in scopes.iter().enumerate() {
        if let Err(reason) = limits::scope_name(&scope.name) {
            return Some(reason.into());
        }
        if scope.description.is_empty() {
            return Some(format!(
                "{} needs a description after the name.",
                scope.name
            ));
        }
        if let Err(reason) = limits::scope_description(&scope.description) {
            return Some(format!("{}: {reason}", scope.name));
        }
        if scopes.iter().take(at).any(|other| other.name == scope.name) {
            return Some(format!("{} is listed twice: remove one.", scope.name));
        }
    }
    (scopes.len() > limits::SCOPES_PER_SERVER).then(|| limits::too_many_scopes(scopes.len()).into())
}
