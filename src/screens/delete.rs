//! A deletion before its plan: what uses the resource, what stops working, and, for scopes, whether to remove
//! them from clients first.

use std::rc::Rc;

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{DeleteTarget, Effect, Query, TaskEvent};
use crate::app::query::load::{Load, PagedList};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Screen, View};
use crate::cognito::{Error, ErrorKind};
use crate::domain::client::ClientSummary;
use crate::domain::ids::PoolId;
use crate::domain::plan::{self, Plan, Target, holders_of};
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;
use crate::input::Action;
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::memo::Memo;
use crate::screens::shared::scope_holders::{self, AffectedClients};
use crate::screens::shared::{confirm, load_states, read_all};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

/// The deletion of one resource.
pub struct DeleteScreen {
    subject: DeleteTarget,
    asking: DetailLoader,
    prune: bool,
    scroll: Scroll,
    /// The clients that hold deleted scopes, keyed by Store version.
    holders: Memo<u64, AffectedClients>,
    /// Keyed by Store version and whether clients are pruned.
    plan: Memo<(u64, bool), Option<Plan>>,
    /// Keyed by Store version, pruning, width and spinner frame.
    lines: Memo<(u64, bool, u16, Option<usize>), Vec<Line<'static>>>,
}

impl DeleteScreen {
    pub fn new(subject: DeleteTarget) -> Self {
        Self {
            subject,
            asking: DetailLoader::settings(),
            prune: false,
            scroll: Scroll::default(),
            holders: Memo::default(),
            plan: Memo::default(),
            lines: Memo::default(),
        }
    }

    fn pool(&self) -> &PoolId {
        self.subject.pool()
    }

    fn server<'a>(&self, view: &View<'a>) -> Option<&'a ResourceServer> {
        let (DeleteTarget::Server(pool, wanted) | DeleteTarget::Scope(pool, wanted, _)) =
            &self.subject
        else {
            return None;
        };
        let mut servers = self
            .whole(Query::ResourceServers, view.store.servers(pool), view)?
            .iter();
        servers.find(|server| server.identifier == *wanted)
    }

    /// The scopes to delete.
    fn going(&self, view: &View) -> Vec<ScopeName> {
        match (&self.subject, self.server(view)) {
            (DeleteTarget::Scope(_, identifier, name), Some(_)) => {
                vec![ScopeName::custom(identifier, name)]
            }
            (_, Some(server)) => server.scope_names().collect(),
            (_, None) => Vec::new(),
        }
    }

    /// Whether it depends on the clients' settings.
    fn concerns_scopes(&self) -> bool {
        matches!(
            self.subject,
            DeleteTarget::Server(..) | DeleteTarget::Scope(..)
        )
    }

    fn clients<'a>(&self, view: &View<'a>) -> Option<&'a [ClientSummary]> {
        self.whole(Query::Clients, view.store.clients(self.pool()), view)
    }

    /// The same for a complete list.
    fn whole<'a, T>(
        &self,
        of: fn(PoolId) -> Query,
        load: &'a Load<PagedList<T>>,
        view: &View,
    ) -> Option<&'a [T]> {
        self.now(of, load, view)?;
        load.complete().ok()
    }

    /// Data read since the screen was opened. Older data is not enough to delete something.
    fn now<'a, T>(&self, of: fn(PoolId) -> Query, load: &'a Load<T>, view: &View) -> Option<&'a T> {
        let current = view.store.is_current(&of(self.pool().clone()));
        load.value().filter(|_| current)
    }

    fn is_awaited(&self, view: &View) -> bool {
        self.queries()
            .iter()
            .any(|query| view.store.is_awaited(query))
    }

    /// Whether all requests of this screen have ended.
    fn is_read(&self, view: &View) -> bool {
        !self.is_awaited(view) && (!self.concerns_scopes() || self.holders(view).is_over())
    }

    /// Whether the user has to ask for the clients that it depends on.
    fn is_held(&self, view: &View) -> bool {
        !self.is_awaited(view) && self.concerns_scopes() && self.holders(view).is_held()
    }

    /// The note while data is loading, or why it is missing.
    fn unread(&self, view: &View) -> Option<String> {
        if self.is_awaited(view) {
            let picture = spinner(view.spinner);
            return Some(format!("{picture} loading the current state"));
        }
        let missing = self.is_read(view) && self.plan(view).is_none();
        (missing && self.error(view).is_none()).then(|| self.missing(view))
    }

    /// Why there is no plan although all requests succeeded.
    fn missing(&self, view: &View) -> String {
        let mut needs = self.queries().into_iter();
        if needs.all(|query| view.store.is_current(&query)) {
            load_states::GONE.to_owned()
        } else {
            load_states::unread(view)
        }
    }

    /// Why there is no plan to show.
    fn refusal(&self, view: &View) -> Option<String> {
        if self.plan(view).is_some() {
            return None;
        }
        Some(match self.error(view) {
            Some(error) => error.one_line(),
            None if self.is_held(view) => self.holders(view).progress(view).unwrap_or_default(),
            None if !self.is_read(view) => "Still loading what it affects".to_owned(),
            None => self.missing(view),
        })
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        let store = view.store;
        let pool = self.pool();
        let clients = store.clients(pool).error();
        match &self.subject {
            DeleteTarget::Pool(_) => store
                .pool(pool)
                .error()
                .or(store.domains(pool).error())
                .or(clients),
            DeleteTarget::Domain(..) => store.domains(pool).error().or(clients),
            DeleteTarget::Server(..) | DeleteTarget::Scope(..) => store.servers(pool).error(),
        }
    }

    fn holders(&self, view: &View) -> Rc<AffectedClients> {
        let make = || AffectedClients::of(self.pool(), &self.going(view), view);
        self.holders.of(view.store.version(), make)
    }

    /// The plan, once all its data is read.
    fn plan(&self, view: &View) -> Rc<Option<Plan>> {
        let of = (view.store.version(), self.prune);
        self.plan.of(of, || self.planned(view))
    }

    fn planned(&self, view: &View) -> Option<Plan> {
        let pool = self.pool();
        let target = confirm::target(pool, view.store);
        match &self.subject {
            DeleteTarget::Pool(_) => {
                let described = self.now(Query::Pool, view.store.pool(pool), view)?;
                let domains = self.now(Query::Domains, view.store.domains(pool), view)?;
                Some(plan::delete_pool(described, domains, self.clients(view)?))
            }
            DeleteTarget::Domain(_, name) => {
                let domains = self.now(Query::Domains, view.store.domains(pool), view)?;
                let domain = domains.iter().find(|domain| domain.name == *name)?;
                Some(plan::delete_domain(target, domain, self.clients(view)?))
            }
            DeleteTarget::Server(..) | DeleteTarget::Scope(..) => self.scopes_plan(target, view),
        }
    }

    fn scopes_plan(&self, target: Target, view: &View) -> Option<Plan> {
        let server = self.server(view)?;
        let holders = self.holders(view);
        if !holders.is_over() {
            return None;
        }
        let servers = view.store.servers(self.pool()).complete().ok()?;
        let mut plan = match &self.subject {
            DeleteTarget::Scope(_, _, name) => {
                let mut after = server.clone();
                after.scopes.retain(|scope| scope.name != *name);
                let found = &holders.found;
                plan::edit_server(target, server, &after, found, servers, self.prune)
            }
            _ => plan::delete_server(target, server, &holders.found, servers, self.prune),
        };
        plan.warnings.extend(holders.unread(self.pool(), view));
        Some(plan)
    }

    fn lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut lines = Vec::new();
        for text in self.sentences(view) {
            lines.extend(prose(&text, width, theme.text));
            lines.push(Line::default());
        }
        if self.concerns_scopes() {
            lines.extend(self.holder_lines(width, view));
        }
        if let Some(unread) = self.unread(view) {
            lines.extend(prose(&unread, width, theme.dim));
        }
        if self.plan(view).is_some() {
            let enter = view.keys.label(Action::Enter);
            let text = format!("{enter} shows the plan. Nothing is deleted before you confirm it.");
            lines.extend(prose(&text, width, theme.dim));
        }
        lines
    }

    /// What stops working.
    fn sentences(&self, view: &View) -> Vec<String> {
        const UNTIL: &str = "Tokens already issued stay valid until they expire.";
        match &self.subject {
            DeleteTarget::Server(..) => {
                // Its scopes are unknown until it is read.
                let Some(server) = self.server(view) else {
                    return Vec::new();
                };
                let scopes: Vec<ScopeName> = server.scope_names().collect();
                if scopes.is_empty() {
                    return vec!["No scopes.".to_owned()];
                }
                let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
                vec![
                    format!("Also deletes its scopes: {}.", names.join(", ")),
                    format!("{UNTIL} New tokens silently lose these scopes."),
                ]
            }
            DeleteTarget::Scope(..) => vec![format!(
                "{UNTIL} New tokens silently lose this scope. To undo, create it again with the same name."
            )],
            DeleteTarget::Domain(..) => {
                let mut all = vec![
                    "Its token endpoint and sign-in pages stop working immediately, for machines and people.".to_owned(),
                    UNTIL.to_owned(),
                ];
                all.extend(self.clients(view).map(|clients| {
                    used_by(clients, "These app clients can no longer get tokens there")
                }));
                all
            }
            DeleteTarget::Pool(_) => self.pool_sentences(view, UNTIL),
        }
    }

    fn pool_sentences(&self, view: &View, until: &str) -> Vec<String> {
        let store = view.store;
        let pool = self.pool();
        let mut all = vec![
            "Deletes everything in it: users, app clients and secrets, resource servers, domains. Only AWS Support can restore it, within 14 days."
                .to_owned(),
            until.to_owned(),
        ];
        if let Some(described) = self.now(Query::Pool, store.pool(pool), view) {
            if described.deletion_protection == Some(true) {
                all.push("Deletion protection is on; the plan turns it off first.".to_owned());
            }
            match described.estimated_users {
                Some(0) => {}
                Some(users) => all.push(format!("About {users} users (Cognito's estimate).")),
                None => all.push("The number of its users is unknown.".to_owned()),
            }
        }
        let domains = self.now(Query::Domains, store.domains(pool), view);
        for domain in domains.into_iter().flatten() {
            all.push(format!(
                "Deletes the domain {} first, as Cognito requires.",
                domain.name
            ));
        }
        all.extend(
            self.clients(view)
                .map(|clients| used_by(clients, "Deletes app clients")),
        );
        all
    }

    fn holder_lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        let going = self.going(view);
        let holders = self.holders(view);
        if going.is_empty() {
            return Vec::new();
        }
        let mut lines = Vec::new();
        let found = holders_of(&going, &holders.found);
        let them = if going.len() == 1 { "it" } else { "them" };
        if !found.is_empty() {
            let head = format!("App clients with {them}");
            lines.push(Line::styled(head, theme.title));
        }
        for holder in found {
            let scopes: Vec<&str> = holder.scopes.iter().map(ScopeName::as_str).collect();
            let text = format!("{} ({}): {}", holder.name, holder.id, scopes.join(", "));
            lines.extend(prose(&text, width, theme.warn));
        }
        if let Some(progress) = holders.progress(view) {
            lines.extend(prose(&progress, width, theme.dim));
        } else if holders.found.is_empty() {
            let none = holders.no_holders_text(them).unwrap_or_default();
            lines.extend(prose(&none, width, theme.text));
        } else {
            let mark = if self.prune { "[x]" } else { "[ ]" };
            let toggle = view.keys.label(Action::Toggle);
            lines.push(Line::default());
            let text = format!("{mark} Remove {them} from these clients first ({toggle})");
            lines.extend(prose(&text, width, theme.accent));
        }
        if holders.is_over()
            && let Some(unread) = holders.unread(self.pool(), view)
        {
            lines.extend(prose(&format!("! {unread}"), width, theme.warn));
        }
        lines.push(Line::default());
        lines
    }
}

/// A label and names.
fn used_by(clients: &[ClientSummary], what: &str) -> String {
    const SPELT_OUT: usize = 12;
    if clients.is_empty() {
        return "No app clients.".to_owned();
    }
    let names: Vec<&str> = clients
        .iter()
        .take(SPELT_OUT)
        .map(|client| client.name.as_str())
        .collect();
    let more = match clients.len().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{what}: {}{more}.", names.join(", "))
}

impl Actions for DeleteScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, PageDown, PageUp, Up};
        let plan = ActionRow::new(Action::Enter, |screen: &mut Self, view| {
            let plan = screen.plan(view);
            plan.iter().cloned().map(confirm::confirm).collect()
        });
        let prune = ActionRow::change(Action::Toggle, |screen: &mut Self| {
            screen.prune = !screen.prune;
        });
        let scopes = self.concerns_scopes();
        let read_all = scopes.then(|| read_all::row(self.pool(), view)).flatten();
        ActionRows::default()
            .with(plan.label("plan").refused(Self::refusal))
            .with(
                prune
                    .label("prune clients")
                    .refused_if(!self.concerns_scopes(), "Nothing to choose here"),
            )
            .with_some(read_all)
            .with(ActionRow::ask(Action::Back, Effect::Back).label("cancel"))
            .with(ActionRow::ask(Action::Refresh, Effect::Refresh))
            .each(
                &[Down, Up, First, Last, PageDown, PageUp],
                |screen, action, _| {
                    screen.scroll.act(action);
                    Vec::new()
                },
            )
            .scrolling(self.scroll.keys())
    }
}

impl Screen for DeleteScreen {
    fn title(&self, _view: &View) -> String {
        match &self.subject {
            DeleteTarget::Pool(_) => "delete".to_owned(),
            DeleteTarget::Server(_, name) | DeleteTarget::Domain(_, name) => {
                format!("{name} › delete")
            }
            DeleteTarget::Scope(_, server, name) => {
                format!("{} › delete", ScopeName::custom(server, name))
            }
        }
    }

    fn queries(&self) -> Vec<Query> {
        let pool = self.pool().clone();
        match &self.subject {
            DeleteTarget::Server(..) | DeleteTarget::Scope(..) => {
                scope_holders::needs(&pool).to_vec()
            }
            DeleteTarget::Pool(_) | DeleteTarget::Domain(..) => vec![
                Query::Clients(pool.clone()),
                Query::Pool(pool.clone()),
                Query::Domains(pool),
            ],
        }
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        if !self.concerns_scopes() {
            return Vec::new();
        }
        let pool = self.pool().clone();
        scope_holders::details(&mut self.asking, &pool, view, room)
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        // The state changed since it was read, so it is read again.
        match fact {
            TaskEvent::PlanFinished { done, .. }
                if done
                    .failed
                    .as_ref()
                    .is_some_and(|e| e.kind == ErrorKind::Changed) =>
            {
                vec![Effect::Refresh]
            }
            _ => Vec::new(),
        }
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let title = match &self.subject {
            DeleteTarget::Pool(pool) => format!("Delete user pool {}", view.store.pool_name(pool)),
            DeleteTarget::Server(_, identifier) => format!("Delete resource server {identifier}"),
            DeleteTarget::Scope(_, identifier, name) => format!("Delete scope {identifier}/{name}"),
            DeleteTarget::Domain(_, name) => format!("Delete domain {name}"),
        };
        let inner = Pane::titled(&title).danger().draw(frame, area, view.theme);
        if let Some(error) = self.error(view).filter(|_| self.plan(view).is_none()) {
            return load_states::draw_error(frame, inner, error, view);
        }
        let width = inner.width.saturating_sub(1);
        let moves = !self.is_read(view) && !self.is_held(view);
        let spinner = moves.then_some(view.spinner);
        let of = (view.store.version(), self.prune, width, spinner);
        let lines = self.lines.of(of, || self.lines(width, view));
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
