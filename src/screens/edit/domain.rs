//! The form for a pool's new domain.

use super::Editor;
use crate::app::message::Query;
use crate::app::screen::View;
use crate::cognito::Error;
use crate::domain::hosts;
use crate::domain::ids::PoolId;
use crate::domain::limits;
use crate::domain::plan::{Plan, add_domain};
use crate::domain::pool::NewDomain;
use crate::ui::form::{Field, Form, Item};

const KIND: &str = "kind";
const PREFIX: &str = "prefix";
const CUSTOM: &str = "custom";
const NAME: &str = "name";
const CERTIFICATE: &str = "certificate";
const ABOUT: &str = "about";

/// A domain that is to be made.
pub struct NewDomainEditor {
    pool: PoolId,
}

impl NewDomainEditor {
    pub fn new(pool: PoolId) -> Self {
        Self { pool }
    }

    fn wanted(form: &Form) -> NewDomain {
        let custom = form.chosen(KIND) == Some(CUSTOM);
        NewDomain {
            name: form.text(NAME).trim().to_owned(),
            certificate_arn: custom.then(|| form.text(CERTIFICATE).trim().to_owned()),
            managed_login_version: None,
        }
    }

    fn plan_of(&self, new: &NewDomain, view: &View) -> Option<Plan> {
        let pool = view.store.pool(&self.pool).value()?;
        let there = view.store.domains(&self.pool).value()?;
        Some(add_domain(pool, there, None, new))
    }
}

impl Editor for NewDomainEditor {
    fn crumb(&self) -> &'static str {
        "new domain"
    }

    fn title(&self, view: &View) -> String {
        format!("New domain of {}", view.store.pool_name(&self.pool))
    }

    fn needs(&self) -> Vec<Query> {
        vec![
            Query::Pool(self.pool.clone()),
            Query::Domains(self.pool.clone()),
        ]
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        let pool = view.store.pool(&self.pool).error();
        pool.or(view.store.domains(&self.pool).error())
    }

    fn filled(&self, view: &View) -> Option<Form> {
        view.store.pool(&self.pool).value()?;
        let there = view.store.domains(&self.pool).value()?;
        // A pool holds one of each kind.
        let prefix_taken = there.iter().any(|domain| !domain.custom);
        Some(Form::new(vec![
            Field::radio(
                KIND,
                "Kind",
                vec![
                    Item::new(PREFIX, "prefix of Cognito's").checked(!prefix_taken),
                    Item::new(CUSTOM, "custom, of your own").checked(prefix_taken),
                ],
            ),
            Field::text(NAME, "Prefix or name", ""),
            Field::text(CERTIFICATE, "Certificate ARN", "")
                .hint("of AWS Certificate Manager in us-east-1, whatever the pool's Region"),
            Field::note(ABOUT, ""),
        ]))
    }

    fn check(&mut self, form: &mut Form, view: &View) {
        let new = Self::wanted(form);
        let custom = new.certificate_arn.is_some();
        form.set_visible(CERTIFICATE, custom);
        form.set_error(NAME, "");
        form.set_error(CERTIFICATE, "");
        let host = self
            .pool
            .region()
            .filter(|_| !custom && !new.name.is_empty())
            .and_then(|region| hosts::prefix_host(&new.name, region));
        form.set_hint(
            NAME,
            match host {
                Some(host) => format!("tokens from https://{host}/oauth2/token"),
                None if custom => {
                    "such as auth.example.com; its parent domain must resolve already".to_owned()
                }
                None => "small letters, digits and hyphens".to_owned(),
            },
        );
        form.set_text(
            ABOUT,
            if custom {
                "A new custom domain takes up to an hour, and a DNS record that points to what the Domains tab shows then."
            } else {
                "A prefix serves tokens up to a minute after it was made. Whether another account has it, only making it tells."
            },
        );
        // Nobody has had a chance to type it yet.
        if new.name.is_empty() {
            return;
        }
        if let Err(reason) = name(&new) {
            form.set_error(NAME, reason);
        } else if let Some(plan) = self.plan_of(&new, view)
            && let Some(obstacle) = plan.obstacles.first()
        {
            form.set_error(NAME, format!("{} {}", obstacle.what, obstacle.way_out));
        }
        if let Some(arn) = &new.certificate_arn
            && !arn.is_empty()
            && let Err(reason) = certificate(arn)
        {
            form.set_error(CERTIFICATE, reason);
        }
    }

    fn plan(&self, form: &Form, view: &View) -> Result<Plan, String> {
        let new = Self::wanted(form);
        name(&new)?;
        if let Some(arn) = &new.certificate_arn {
            certificate(arn)?;
        }
        self.plan_of(&new, view)
            .ok_or_else(|| "The pool's domains are not read yet".to_owned())
    }
}

fn name(new: &NewDomain) -> Result<(), String> {
    if new.certificate_arn.is_none() {
        return limits::domain_prefix(&new.name);
    }
    let whole = new.name.contains('.') && !new.name.starts_with('.') && !new.name.ends_with('.');
    let plain = new
        .name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c));
    if whole && plain {
        Ok(())
    } else {
        Err("Write the whole name in small letters, such as auth.example.com.".to_owned())
    }
}

/// Cognito takes certificates of one Region only.
fn certificate(arn: &str) -> Result<(), String> {
    let parts: Vec<&str> = arn.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "acm", "us-east-1", _, rest] if rest.starts_with("certificate/") => Ok(()),
        ["arn", _, "acm", region, ..] => Err(format!(
            "The certificate is in {region}: Cognito takes one of us-east-1."
        )),
        _ => Err("Write the certificate's ARN, arn:aws:acm:us-east-1:…:certificate/….".to_owned()),
    }
}
