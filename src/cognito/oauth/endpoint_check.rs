//! Where a secret may go: to a domain of its own pool, as Cognito has it now, and nowhere else.

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::domain::oauth::endpoints;
use crate::domain::oauth::token::TokenRequest;
use crate::domain::pool::{DomainOwner, UserPool};

const OPERATION: &str = "token request";

impl Gateway {
    /// That `url` is a token endpoint of `pool` and of no other, by what Cognito says of the pool.
    ///
    /// # Errors
    /// It is not: its domains may have changed since the URL was read.
    pub fn check_endpoint(&self, pool: &UserPool, url: &str) -> Result<(), Error> {
        let own = if self.has_endpoint_override() {
            self.token_endpoint(pool).into_iter().collect()
        } else {
            endpoints::token_endpoints(pool)
        };
        if own.iter().any(|own| own == url) {
            return Ok(());
        }
        let detail = format!("it is not a domain of user pool {}", pool.id);
        Err(refused(url, &detail))
    }

    /// That the host `request` goes to is a domain of its pool at this moment (`DescribeUserPoolDomain`). What the pool itself says of
    /// its domains is not enough where it may be read: the word may be old, and a prefix that was given up is anybody's, in any
    /// account. Where it may not be read, or only in another Region, the pool is asked anew. An address that was given for all
    /// pools needs no leave: it was chosen.
    ///
    /// # Errors
    /// The domain is nobody's, another pool's, or on its way out; or nobody could say whose it is. Nothing was sent there.
    pub async fn verify_endpoint_owner(&self, request: &TokenRequest) -> Result<(), Error> {
        if self.has_endpoint_override() {
            return Ok(());
        }
        let url = &request.endpoint;
        let Some(name) = endpoints::domain_of(&request.pool, url) else {
            return Err(refused(
                url,
                "it is no token endpoint of a user pool's domain",
            ));
        };
        // A replica's Region knows nothing of prefix domains.
        if self.region() == request.pool.region() {
            match self.domain_owner(&name).await {
                Ok(owner) => return belongs(owner, request),
                Err(error) if matches!(error.kind, ErrorKind::AccessDenied { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let pool = self.pool(&request.pool).await?;
        self.check_endpoint(&pool, url)
    }
}

/// Whether a domain is the request's pool's, and here to stay.
fn belongs(owner: Option<DomainOwner>, request: &TokenRequest) -> Result<(), Error> {
    let detail = match owner {
        None => "Cognito knows no such domain, so that it may be anybody's".to_owned(),
        Some(owner) if owner.pool.as_ref() != Some(&request.pool) => match owner.pool {
            Some(other) => format!("the domain belongs to user pool {other}"),
            None => "Cognito does not say which user pool the domain belongs to".to_owned(),
        },
        Some(owner) => match owner.domain.status.as_deref() {
            Some(gone @ ("DELETING" | "FAILED")) => format!("the domain is {gone}"),
            _ => return Ok(()),
        },
    };
    Err(refused(&request.endpoint, &detail))
}

fn refused(url: &str, detail: &str) -> Error {
    let detail = format!("{detail}: no secret was sent");
    let hint = "Read the pool again (refresh), and ask at the domain it has now.";
    Error::new(OPERATION, ErrorKind::Invalid, detail, hint).about(url)
}
