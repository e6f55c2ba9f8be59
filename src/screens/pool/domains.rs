//! A pool's domains: at most one prefix domain and one custom domain.

use ratatui::layout::Rect;

use super::draw_unready;
use crate::app::message::Effect;
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::pool::Domain;
use crate::input::Action;
use crate::screens::shared::client_properties::other_settings;
use crate::screens::shared::pool_properties::asked_here;
use crate::screens::shared::verbs::Thing;
use crate::ui::frame::Canvas;
use crate::ui::properties::{Property, facts, prose};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::theme::Status;

/// The domains tab.
pub struct Domains {
    pool: PoolId,
    scroll: Scroll,
    /// The selected domain.
    at: usize,
}

impl Domains {
    pub fn new(pool: PoolId) -> Self {
        Self {
            pool,
            scroll: Scroll::default(),
            at: 0,
        }
    }

    pub fn act(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let last = self.all(view).len().saturating_sub(1);
        match action {
            Action::Down | Action::Last => self.at = (self.at + 1).min(last),
            Action::Up | Action::First => self.at = self.at.saturating_sub(1),
            _ => {}
        }
        self.scroll.act(action);
        Vec::new()
    }

    /// The keys that scroll it, if it overflows.
    pub fn scrolls(&self) -> Option<[Action; 2]> {
        self.scroll.keys()
    }

    /// The selected domain.
    pub fn selected(&self, view: &View) -> Option<Thing> {
        let all = self.all(view);
        let domain = all.get(self.at).or(all.last())?;
        Some(Thing::Domain(self.pool.clone(), domain.name.clone()))
    }

    fn all<'a>(&self, view: &View<'a>) -> &'a [Domain] {
        view.store
            .domains(&self.pool)
            .value()
            .map_or(&[], Vec::as_slice)
    }

    pub fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let load = view.store.domains(&self.pool);
        let Some(domains) = load.value() else {
            return draw_unready(frame, area, load, "domains", view);
        };
        let width = area.width.saturating_sub(1);
        let lines = if domains.is_empty() {
            let text = "No domain, so no token endpoint: clients cannot use client_credentials over HTTP. \
                        Add a domain, or use the GetClientToken operation, which needs none.";
            prose(text, width, view.theme.warn)
        } else {
            let mut blocks: Vec<Property> = domains
                .iter()
                .enumerate()
                .flat_map(|(at, domain)| {
                    let marked = (domains.len() > 1).then(|| at == self.at.min(domains.len() - 1));
                    self.block(domain, marked)
                })
                .collect();
            let pool = view.store.pool(&self.pool).value();
            blocks.extend(pool.and_then(|pool| asked_here(pool, view)));
            facts(&blocks, width, 16, view.theme)
        };
        draw_lines(frame, area, view.theme, &lines, &mut self.scroll);
    }

    fn block<'a>(&self, domain: &'a Domain, marked: Option<bool>) -> Vec<Property<'a>> {
        let host = if domain.custom {
            Some(domain.name.clone())
        } else {
            self.pool
                .region()
                .and_then(|region| endpoints::prefix_host(&domain.name, region))
        };
        let mark = match marked {
            None => "",
            Some(false) => "  ",
            Some(true) => "▌ ",
        };
        let mut lines = vec![
            Property::head(format!("{mark}{}", domain.name)),
            Property::new(
                "Kind",
                if domain.custom {
                    "custom domain"
                } else {
                    "prefix domain"
                },
            ),
        ];
        let status = domain.status.as_deref().unwrap_or("unknown");
        lines.push(
            Property::new("Status", status.to_owned()).tone(match status {
                "ACTIVE" => Status::Good,
                "FAILED" => Status::Bad,
                _ => Status::Warn,
            }),
        );
        if let Some(host) = host {
            lines.push(Property::new(
                "Token endpoint",
                format!("https://{host}/oauth2/token"),
            ));
        }
        if let Some(version) = domain.managed_login_version {
            let meaning = if version == 2 {
                "managed login"
            } else {
                "classic hosted UI"
            };
            lines.push(
                Property::new("Sign-in pages", format!("{version} {meaning}"))
                    .note("same token endpoint for both"),
            );
        }
        if let Some(target) = &domain.cloudfront {
            lines.push(
                Property::new("DNS record", target.as_str())
                    .note("point the domain's CNAME or alias here"),
            );
        }
        if let Some(arn) = &domain.certificate_arn {
            lines.push(Property::new("Certificate", arn.as_str()));
        }
        if let Some(policy) = &domain.security_policy {
            lines.push(
                Property::new("TLS", policy.as_str()).note("SecurityPolicy, minimum version"),
            );
        }
        if let Some(failover) = &domain.failover {
            lines.push(
                Property::new("Failover", failover.secondary_region.as_str())
                    .note(format!("while {} fails", failover.health_check)),
            );
        }
        lines.extend(other_settings(&domain.other));
        lines.push(Property::head(""));
        lines
    }
}
