//! One app client: its masked secret and all settings.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::message::{Effect, Query, TaskEvent};
use crate::app::query::load::Load;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Screen, Ticks, View};
use crate::domain::ids::{ClientId, PoolId};
use crate::input::Action;
use crate::screens::shared::list::MOVING;
use crate::screens::shared::revealed_secret::RevealedSecret;
use crate::screens::shared::verbs::Thing;
use crate::screens::shared::{client_properties, client_secret, load_states, pool_properties};
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

impl Actions for ClientDetails {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{
            Copy, Delete, Doctor, Edit, Enter, Export, Refresh, Reveal, Rotate, Token, WhoUses,
        };
        let shown = self.revealed.is_shown();
        let client = Thing::Client(self.pool.clone(), self.id.clone());
        client
            .rows(view)
            .without(&[Enter])
            .map(Reveal, |row| {
                row.label_if(shown, "hide").does(|screen: &mut Self, _| {
                    if screen.revealed.is_shown() {
                        screen.revealed.hide();
                        return Vec::new();
                    }
                    vec![Effect::Reveal(screen.pool.clone(), screen.id.clone())]
                })
            })
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .each(MOVING, |screen, action, _| {
                screen.scroll.act(action);
                Vec::new()
            })
            .scrolling(self.scroll.keys())
            .in_order(&[
                Reveal, Copy, Token, Edit, Doctor, Rotate, WhoUses, Export, Refresh, Delete,
            ])
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

    fn hide_secrets(&mut self) {
        self.revealed.hide();
    }

    fn ticks(&self) -> Ticks {
        Ticks::every_second(self.revealed.ticks_until())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let load = view.store.client(&self.pool, &self.id);
        let name = view.store.client_name(&self.pool, &self.id);
        let hides = client_secret::hides_in(self.revealed.seen(view.now));
        let mut shown = self.queries();
        shown.extend(client_secret::read_from(load.value()));
        let mark = load_states::mark(&shown, view);
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
