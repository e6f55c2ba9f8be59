//! The forms that create and edit a domain.

use crate::app::message::Query;
use crate::app::screen::View;
use crate::cognito::Error;
use crate::domain::ids::PoolId;
use crate::domain::limits;
use crate::domain::oauth::endpoints;
use crate::domain::plan::{Plan, add_domain, edit_domain};
use crate::domain::pool::{Domain, NewDomain};
use crate::screens::shared::edit_form::FormModel;
use crate::ui::form::{Field, Form, Item};

const KIND: &str = "kind";
const PREFIX: &str = "prefix";
const CUSTOM: &str = "custom";
const NAME: &str = "name";
const CERTIFICATE: &str = "certificate";
const PAGES: &str = "pages";
const CLASSIC: &str = "1";
const MANAGED: &str = "2";
const CERTIFICATE_HINT: &str = "AWS Certificate Manager, always in us-east-1";
const ABOUT: &str = "about";

/// The form for a new domain.
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
            // Cognito's default is the classic pages.
            managed_login_version: (form.chosen(PAGES) == Some(MANAGED)).then_some(2),
        }
    }

    fn plan_of(&self, new: &NewDomain, view: &View) -> Option<Plan> {
        let pool = view.store.pool(&self.pool).value()?;
        let there = view.store.domains(&self.pool).value()?;
        Some(add_domain(pool, there, None, new))
    }
}

impl FormModel for NewDomainEditor {
    fn crumb(&self, _view: &View) -> String {
        "new domain".to_owned()
    }

    fn title(&self, view: &View) -> String {
        format!("New domain of {}", view.store.pool_name(&self.pool))
    }

    fn needs(&self) -> Vec<Query> {
        needs(&self.pool)
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        error(&self.pool, view)
    }

    fn filled(&self, view: &View) -> Option<Form> {
        view.store.pool(&self.pool).value()?;
        let there = view.store.domains(&self.pool).value()?;
        // A pool can have one of each kind.
        let prefix_taken = there.iter().any(|domain| !domain.custom);
        let mut form = Form::new(vec![
            Field::radio(
                KIND,
                "Kind",
                vec![
                    Item::new(PREFIX, "Prefix").checked(!prefix_taken),
                    Item::new(CUSTOM, "Custom").checked(prefix_taken),
                ],
            ),
            Field::text(NAME, "Domain", ""),
            Field::text(CERTIFICATE, "Certificate ARN", "").hint(CERTIFICATE_HINT),
            Field::radio(PAGES, "Sign-in pages", pages(Some(1))),
            Field::note(ABOUT, ""),
        ]);
        // The required field comes first: the chosen kind usually fits.
        form.focus(NAME);
        Some(form)
    }

    fn first_to_fill(&self) -> Option<&'static str> {
        Some(NAME)
    }

    fn check(&mut self, form: &mut Form, view: &View) {
        let new = Self::wanted(form);
        let custom = new.certificate_arn.is_some();
        form.set_visible(CERTIFICATE, custom);
        form.set_error(NAME, "");
        form.set_error(CERTIFICATE, "");
        check_pages(form, &self.pool, view);
        let host = self
            .pool
            .region()
            .filter(|_| !custom && !new.name.is_empty())
            .and_then(|region| endpoints::prefix_host(&new.name, region));
        form.set_hint(
            NAME,
            match host {
                Some(host) => format!("token endpoint: https://{host}/oauth2/token"),
                None if custom => {
                    "such as auth.example.com; its parent domain must resolve".to_owned()
                }
                None => "lowercase letters, digits and hyphens".to_owned(),
            },
        );
        form.set_text(
            ABOUT,
            if custom {
                "Takes up to an hour, and needs a DNS record to the target that the Domains tab shows."
            } else {
                "Active within a minute. Must be unique in the Region; other accounts' prefixes can't be checked first."
            },
        );
        // The user could not type it yet.
        if new.name.is_empty() {
            return;
        }
        // Errors of the pages are shown at the pages.
        let named = NewDomain {
            managed_login_version: None,
            ..new.clone()
        };
        if let Err(reason) = name(&new) {
            form.set_error(NAME, reason);
        } else if let Some(plan) = self.plan_of(&named, view)
            && let Some(obstacle) = plan.obstacles.first()
        {
            form.set_error(NAME, format!("{}. {}", obstacle.what, obstacle.way_out));
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
            .ok_or_else(|| "Still loading domains".to_owned())
    }
}

/// The form for a domain's certificate and sign-in pages.
pub struct DomainEditor {
    pool: PoolId,
    name: String,
}

impl DomainEditor {
    pub fn new(pool: PoolId, name: String) -> Self {
        Self { pool, name }
    }

    fn seen<'a>(&self, view: &View<'a>) -> Option<&'a Domain> {
        let domains = view.store.domains(&self.pool).value()?;
        domains.iter().find(|domain| domain.name == self.name)
    }

    fn wanted(seen: &Domain, form: &Form) -> NewDomain {
        let certificate = form.text(CERTIFICATE).trim();
        NewDomain {
            name: seen.name.clone(),
            certificate_arn: seen.custom.then(|| certificate.to_owned()),
            managed_login_version: chosen_pages(form).or(seen.managed_login_version),
        }
    }
}

impl FormModel for DomainEditor {
    fn crumb(&self, _view: &View) -> String {
        format!("{} › edit", self.name)
    }

    fn title(&self, _view: &View) -> String {
        format!("Edit domain {}", self.name)
    }

    fn needs(&self) -> Vec<Query> {
        needs(&self.pool)
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        error(&self.pool, view)
    }

    fn filled(&self, view: &View) -> Option<Form> {
        view.store.pool(&self.pool).value()?;
        let seen = self.seen(view)?;
        let pages = Field::radio(PAGES, "Sign-in pages", pages(seen.managed_login_version));
        let arn = seen.certificate_arn.clone().unwrap_or_default();
        let certificate = Field::text(CERTIFICATE, "Certificate ARN", arn).hint(CERTIFICATE_HINT);
        Some(Form::new(vec![
            pages,
            if seen.custom {
                certificate
            } else {
                certificate.hidden()
            },
            Field::note(ABOUT, ""),
        ]))
    }

    fn check(&mut self, form: &mut Form, view: &View) {
        let Some(seen) = self.seen(view) else { return };
        check_pages(form, &self.pool, view);
        let wanted = Self::wanted(seen, form);
        let wrong = wanted
            .certificate_arn
            .filter(|_| needs_recreate(seen, form))
            .and_then(|arn| certificate(&arn).err());
        form.set_error(CERTIFICATE, wrong.unwrap_or_default());
        let mut about = vec![if seen.custom {
            "A new certificate takes up to an hour, new pages up to five minutes. The token endpoint does not change."
        } else {
            "New pages take up to a minute. The token endpoint does not change."
        }
        .to_owned()];
        if let Some(policy) = &seen.security_policy {
            about.push(format!("TLS policy stays {policy}."));
        }
        about.push("To rename a domain, delete it and create another.".to_owned());
        form.set_text(ABOUT, about.join(" "));
    }

    fn plan(&self, form: &Form, view: &View) -> Result<Plan, String> {
        let (Some(pool), Some(seen)) = (view.store.pool(&self.pool).value(), self.seen(view))
        else {
            return Err("Still loading the domain".to_owned());
        };
        Ok(edit_domain(pool, seen, &Self::wanted(seen, form)))
    }
}

fn needs(pool: &PoolId) -> Vec<Query> {
    vec![Query::Pool(pool.clone()), Query::Domains(pool.clone())]
}

/// Why the data cannot be read.
fn error<'a>(pool: &PoolId, view: &View<'a>) -> Option<&'a Error> {
    let described = view.store.pool(pool).error();
    described.or(view.store.domains(pool).error())
}

/// Whether the certificate changed: an accepted one is not checked again.
fn needs_recreate(seen: &Domain, form: &Form) -> bool {
    let typed = form.text(CERTIFICATE).trim();
    seen.custom && Some(typed) != seen.certificate_arn.as_deref()
}

/// The versions of managed login, with `now` chosen.
fn pages(now: Option<i32>) -> Vec<Item> {
    let mut items = vec![
        Item::new(CLASSIC, "1 classic hosted UI").checked(now == Some(1)),
        Item::new(MANAGED, "2 managed login").checked(now == Some(2)),
    ];
    if !matches!(now, Some(1 | 2)) {
        items.push(Item::new("", "unchanged").checked(true));
    }
    items
}

fn chosen_pages(form: &Form) -> Option<i32> {
    form.chosen(PAGES)?.parse().ok()
}

/// What the chosen pages need: a feature plan, and a style per app client.
fn check_pages(form: &mut Form, pool: &PoolId, view: &View) {
    let version = chosen_pages(form).unwrap_or_default();
    let pool = view.store.pool(pool).value();
    let tier = pool.and_then(|pool| pool.tier.as_deref());
    let wrong = limits::managed_login(version, tier).err();
    form.set_error(PAGES, wrong.map(String::from).unwrap_or_default());
    form.set_hint(
        PAGES,
        if version == 2 {
            "needs a branding style per app client; same token endpoint"
        } else {
            "same token endpoint for both"
        },
    );
}

fn name(new: &NewDomain) -> Result<(), String> {
    if new.certificate_arn.is_none() {
        return Ok(limits::domain_prefix(&new.name)?);
    }
    let whole = new.name.contains('.') && !new.name.starts_with('.') && !new.name.ends_with('.');
    let plain = new
        .name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c));
    if whole && plain {
        Ok(())
    } else {
        Err("Enter the full name in lowercase, such as auth.example.com.".to_owned())
    }
}

/// Cognito accepts certificates of us-east-1 only.
fn certificate(arn: &str) -> Result<(), String> {
    let parts: Vec<&str> = arn.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "acm", "us-east-1", _, rest] if rest.starts_with("certificate/") => Ok(()),
        ["arn", _, "acm", region, ..] => Err(format!(
            "The certificate is in {region}; Cognito needs one in us-east-1."
        )),
        _ => Err("Enter the certificate's ARN, arn:aws:acm:us-east-1:…:certificate/….".to_owned()),
    }
}
