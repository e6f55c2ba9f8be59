//! Delivers a client's credentials to a destination, without the clipboard.

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::app::message::{CopyRequest, Effect, Route, TaskEvent};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::domain::delivery::destination::{DeliveryError, DestinationKind};
use crate::input::Action;
use crate::screens::shared::{destinations, type_to_confirm};
use crate::ui::form::Form;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::properties::{prose, spinner};

const WIDTH: u16 = 76;
const NAME: &str = "name";

/// The destination form, and the result.
pub struct DeliverScreen {
    request: CopyRequest,
    place: DestinationKind,
    form: Form,
    running: bool,
    /// Why the last delivery failed or is unconfirmed.
    failed: Option<DeliveryError>,
}

impl DeliverScreen {
    pub fn new(request: CopyRequest, place: DestinationKind) -> Self {
        let mut fields = destinations::fields(place, NAME);
        // The user names the other destinations.
        fields.extend((place == DestinationKind::SecretsManager).then(type_to_confirm::field));
        Self {
            request,
            place,
            form: Form::new(fields),
            running: false,
            failed: None,
        }
    }

    fn submit(&mut self, view: &View) -> Vec<Effect> {
        let writes = self.place == DestinationKind::SecretsManager;
        match destinations::delivery(self.place, &self.form, NAME) {
            Ok(_) if writes && type_to_confirm::show_errors(&mut self.form, view.session) => {
                Vec::new()
            }
            Ok(delivery) => {
                self.running = true;
                self.failed = None;
                vec![Effect::Deliver(self.request.clone(), delivery)]
            }
            Err(reason) => {
                self.form.set_error(NAME, reason);
                Vec::new()
            }
        }
    }

    fn lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        if self.running {
            let words = format!("{} delivering", spinner(view.spinner));
            return vec![Line::styled(words, theme.accent)];
        }
        match &self.failed {
            Some(error @ (DeliveryError::NotDelivered(_) | DeliveryError::Occupied(_))) => {
                prose(&format!("✗ {}", error.sentence()), width, theme.bad)
            }
            Some(error @ DeliveryError::Unknown(_)) => {
                prose(&format!("! {}", error.sentence()), width, theme.warn)
            }
            None => prose(
                "Delivers client id, client secret and token endpoint as JSON, without showing them.",
                width,
                theme.dim,
            ),
        }
    }
}

impl Actions for DeliverScreen {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        use Action::{Down, Left, NextField, PrevField, Right, Toggle, Up};
        let rows = ActionRows::default()
            .with(
                ActionRow::new(Action::Submit, Self::submit)
                    .label("deliver")
                    .refused_if(self.running, "Still delivering")
                    .refused(|screen, view| {
                        let writes = screen.place == DestinationKind::SecretsManager;
                        view.session.read_only_reason().filter(|_| writes)
                    }),
            )
            .with(ActionRow::ask(Action::Back, Effect::Back).label("cancel"));
        if !self.place.keeps() {
            return rows;
        }
        let moving = &[NextField, Toggle, PrevField, Left, Right, Down, Up];
        rows.each(moving, |screen, action, _| {
            screen.form.act(action);
            Vec::new()
        })
    }
}

impl Screen for DeliverScreen {
    fn title(&self, _view: &View) -> String {
        "deliver".to_owned()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        self.form.edit(event).then(Vec::new)
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::Delivered { request, outcome } = fact
            && *request == self.request
        {
            self.running = false;
            match outcome {
                Ok(_) => {
                    let of = Route::Deliver(self.request.clone(), self.place);
                    return vec![Effect::Replace { of, go: Vec::new() }];
                }
                Err(error) => {
                    self.failed = Some(error.clone());
                    type_to_confirm::clear(&mut self.form);
                }
            }
        }
        Vec::new()
    }

    fn mode(&self) -> Mode {
        Mode::popup(self.form.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let width = WIDTH.min(area.width);
        let inside = width.saturating_sub(4);
        let lines = self.lines(inside, view);
        let tall = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
        type_to_confirm::clear_if_changed(&mut self.form, view.session);
        let form = self.form.height(inside, view.theme);
        let height = tall(lines.len()).saturating_add(form).saturating_add(3);
        let area = popup(frame, area, width, height);
        let title = format!("Credentials {}", destinations::label(self.place));
        let inner = Pane::titled(title.trim_end_matches(" …"))
            .focused(true)
            .draw(frame, area, view.theme);
        let [top, _, bottom] = Layout::vertical([
            Constraint::Length(tall(lines.len())),
            Constraint::Length(1),
            Constraint::Fill(1),
        ])
        .areas(inner);
        frame.render_widget(Paragraph::new(lines), top);
        self.form.draw(frame, bottom, view.theme);
    }
}
