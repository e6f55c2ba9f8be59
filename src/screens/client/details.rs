//! One app client: its masked secret and all settings.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::message::{AccessQuestion, CopyMenu, Effect, Query, Route, TaskEvent};
use crate::app::query::load::Load;
use crate::app::screen::{Screen, View};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::revealed_secret::RevealedSecret;
use crate::screens::shared::{
    client_properties, client_secret, confirm, load_states, pool_properties,
};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{Property, facts};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::text::{Cut, put_line};

/// Width of the labels.
const LABEL: u16 = 15;

/// One client.
pub struct ClientDetails {
    pool: PoolId,
    id: ClientId,
    scroll: Scroll,
    revealed: RevealedSecret,
}

impl ClientDetails {
    pub fn new(pool: PoolId, client: ClientId) -> Self {
        Self {
            pool,
            id: client,
            scroll: Scroll::default(),
            revealed: RevealedSecret::default(),
        }
    }
}

impl Screen for ClientDetails {
    fn title(&self, view: &View) -> String {
        view.store.client_name(&self.pool, &self.id)
    }

    fn queries(&self) -> Vec<Query> {
        vec![
            Query::Client(self.pool.clone(), self.id.clone()),
            Query::Secrets(self.pool.clone(), self.id.clone()),
            Query::ResourceServers(self.pool.clone()),
            Query::Pool(self.pool.clone()),
            Query::Identity,
        ]
    }

    fn prefetch(&mut self, view: &View, _room: usize) -> Vec<Query> {
        let client = view.store.client(&self.pool, &self.id).value();
        client_secret::queries(client, view)
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{
            Copy, Delete, Doctor, Down, Edit, Export, First, Last, PageDown, PageUp, Refresh,
            Reveal, Rotate, Token, Up, WhoUses,
        };
        &[
            Reveal, Copy, Token, Edit, Doctor, Rotate, WhoUses, Export, Refresh, Delete, Down, Up,
            First, Last, PageDown, PageUp,
        ]
    }

    fn label(&self, action: Action) -> &'static str {
        match action {
            Action::Reveal if self.revealed.is_shown() => "hide",
            Action::WhoUses => "access",
            other => other.word(),
        }
    }

    fn disabled_reason(&self, action: Action, view: &View) -> Option<String> {
        let client = view.store.client(&self.pool, &self.id).value();
        match action {
            Action::Reveal => client.and_then(|client| client_secret::cannot_reveal(client, view)),
            Action::Rotate => client.and_then(|client| client_secret::cannot_rotate(client, view)),
            _ => None,
        }
    }

    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let (pool, client) = (self.pool.clone(), self.id.clone());
        match action {
            Action::Reveal if self.revealed.is_shown() => self.revealed.hide(),
            Action::Reveal => return vec![Effect::Reveal(pool, client)],
            Action::Copy => return vec![Effect::Open(Route::Copy(CopyMenu::Client(pool, client)))],
            Action::Token => return vec![Effect::Open(Route::Token(pool, client))],
            Action::Export => return vec![Effect::Open(Route::Export(pool, Some(client)))],
            Action::Edit => return vec![Effect::Open(Route::EditClient(pool, client))],
            Action::Delete => return vec![confirm::delete_client(&pool, &client, view)],
            Action::Rotate => return vec![Effect::Open(Route::Rotate(pool, client))],
            Action::Doctor => return vec![Effect::Open(Route::Doctor(pool, Some(client)))],
            Action::WhoUses => {
                return vec![Effect::Open(Route::Access(
                    pool,
                    AccessQuestion::OfClient(client),
                ))];
            }
            Action::Refresh => return vec![Effect::Refresh],
            other => {
                self.scroll.act(other);
            }
        }
        Vec::new()
    }

    fn on_event(&mut self, fact: &TaskEvent, view: &View) -> Vec<Effect> {
        if let TaskEvent::Revealed {
            pool,
            client,
            outcome: Ok(secret),
        } = fact
            && (pool, client) == (&self.pool, &self.id)
        {
            self.revealed.show(secret.clone(), view.now);
            self.scroll.act(Action::First);
        }
        Vec::new()
    }

    fn animates_until(&self, _now: Timestamp) -> Option<Timestamp> {
        self.revealed.ticks_until()
    }

    fn scroll_keys(&self) -> Option<[Action; 2]> {
        self.scroll.keys()
    }

    fn hide_secrets(&mut self) {
        self.revealed.hide();
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let load = view.store.client(&self.pool, &self.id);
        let name = view.store.client_name(&self.pool, &self.id);
        let hides = client_secret::hides_in(self.revealed.seen(view.now));
        let mark = load_states::mark(&self.queries(), view);
        let right = [hides, mark].into_iter().flatten();
        let right = right.chain(["app client".to_owned()]).collect::<Vec<_>>();
        let inner = Pane::titled(&name)
            .right(&right.join(" · "))
            .draw(frame, area, view.theme);
        let width = inner.width.saturating_sub(1);
        // It does not scroll: it shows where keys act.
        let place = pool_properties::place(&self.pool, width, view);
        let at = (inner.x, inner.y);
        let height = u16::from(inner.height > 1);
        let [_, inner] =
            Layout::vertical([Constraint::Length(height), Constraint::Fill(1)]).areas(inner);
        if height > 0 {
            put_line(
                frame.buffer_mut(),
                at,
                &place,
                width,
                Cut::End,
                view.theme.text,
            );
        }
        let Some(client) = load.value() else {
            let Load::Failed(error) = load else {
                return load_states::draw_reading(frame, inner, "the app client", view);
            };
            // Keep showing the data of the list.
            let known = [
                Property::new("Name", name.as_str()),
                Property::new("Client id", self.id.as_str()),
            ];
            let mut lines = facts(&known, width, LABEL, view.theme);
            lines.push(Line::default());
            lines.extend(load_states::error_lines(error, width, view));
            return draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
        };
        let shown = self.revealed.seen(view.now);
        let mut lines = vec![
            Property::new("Client id", client.id.as_str()),
            client_secret::line(client, shown, view),
        ];
        lines.extend(client_secret::ages(client, view));
        lines.extend(client_secret::managed(client, view));
        lines.extend(pool_properties::token_endpoint_of(&self.pool, view));
        lines.extend(client_properties::settings(client, view));
        let lines = facts(&lines, width, LABEL, view.theme);
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
