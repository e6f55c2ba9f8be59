//! Sends a secret only to a current domain of its own pool.

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::domain::oauth::endpoints;
use crate::domain::oauth::token::TokenRequest;
use crate::domain::pool::{DomainOwner, UserPool};

const OPERATION: &str = "token request";

impl Gateway {
    /// Checks that `url` is a token endpoint of `pool`, as Cognito describes the pool.
    ///
    /// # Errors
    /// It is not: the domains may have changed since the URL was read.
    pub fn check_endpoint(&self, pool: &UserPool, url: &str) -> Result<(), Error> {
        let own = if self.has_endpoint_override() {
            self.token_endpoint(pool).into_iter().collect()
        } else {
            endpoints::token_endpoints(pool)
        };
        if own.iter().any(|own| own == url) {
            return Ok(());
        }
        let detail = format!("not a domain of user pool {}", pool.id);
        Err(refused(url, &detail))
    }

    /// Checks that the host of `request` is a domain of its pool now (`DescribeUserPoolDomain`). The pool's description is not enough:
    /// it may be stale, and any account can take a released prefix. If access is denied or the pool is in another Region, the pool is
    /// read again. The user chose a configured token endpoint, so it is not checked.
    ///
    /// # Errors
    /// The domain does not exist, belongs to another pool, is being deleted, or its owner is unknown. Nothing was sent.
    pub async fn verify_endpoint_owner(&self, request: &TokenRequest) -> Result<(), Error> {
        if self.has_endpoint_override() {
            return Ok(());
        }
        let url = &request.endpoint;
        let Some(name) = endpoints::domain_of(&request.pool, url) else {
            return Err(refused(url, "not a token endpoint of a user pool domain"));
        };
        // A replica's Region does not know prefix domains.
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

/// Checks that a domain belongs to the request's pool and is not being deleted.
fn belongs(owner: Option<DomainOwner>, request: &TokenRequest) -> Result<(), Error> {
    let detail = match owner {
        None => "Cognito does not know this domain, so anyone may own it".to_owned(),
        Some(owner) if owner.pool.as_ref() != Some(&request.pool) => match owner.pool {
            Some(other) => format!("the domain belongs to user pool {other}"),
            None => "the owner of the domain is unknown".to_owned(),
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
    let hint = "Refresh the user pool and use its current domain.";
    Error::new(OPERATION, ErrorKind::Invalid, detail, hint).about(url)
}
