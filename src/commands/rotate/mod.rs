//! `rotate`: adds, delivers and verifies a second secret, and deletes the first; or rotates a managed secret.

mod finish;
mod managed;
mod planned;
mod report;
mod start;

use std::cell::RefCell;
use std::rc::Rc;

use secrecy::SecretString;

use super::token::no_token_endpoint;
use super::{Access, Exit, Failure, Interrupts, caller, stderr_note};
use crate::cli::RotateArgs;
use crate::cognito::{Error, Gateway, ProvenRotation, Rotation};
use crate::commands::shared::output::Output;
use crate::commands::shared::{destination, lookup, stdin};
use crate::delivery::{self, ChildStderr, Receipt};
use crate::domain::client::AppClient;
use crate::domain::delivery::destination::{Delivery, DeliveryError};
use crate::domain::delivery::formats::Credentials;
use crate::domain::identity::Caller;
use crate::domain::plan::CliContext;
use crate::domain::pool::UserPool;
use crate::domain::rotation::{
    InterruptedRotation, Proof, RotationMethod, SecretPair, Unrotatable,
};

/// What to do if the target refuses a secret that does not exist yet.
const NOTHING_CHANGED: &str = "Nothing was changed. Use another --to TARGET.";

pub(super) async fn run(
    args: &RotateArgs,
    access: Access<'_>,
    interrupts: Interrupts,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let delivery = destination::delivery(args.to.as_ref(), args.replace, NOTHING_CHANGED)?;
    let gateway = access.gateway().await?;
    let reads = args.apply && (args.own || args.finish);
    let given = reads.then(|| stdin::secret(&gateway)).transpose()?;
    let (found, caller) = tokio::join!(
        RotationTarget::read(args, delivery, &gateway, out),
        caller(&gateway)
    );
    let (found, rotation) = found?;
    let found = RotationTarget { caller, ..found };
    if let Some(of) = given.as_ref().and_then(|given| given.client.as_deref())
        && of != found.client.id.as_str()
    {
        return Err(Failure::new(
            format!("stdin holds the secret of another app client, {of}"),
            "Nothing was sent. Check the input.",
        ));
    }
    found.say(&format!("signed in as {}", found.caller));
    let (midway, client) = (Rc::clone(&found.midway), found.client.clone());
    let work = async {
        match found.method(&rotation)? {
            RotationMethod::Managed(arn) if !args.apply => found.plan_managed(&rotation, &arn, out),
            RotationMethod::Managed(arn) => managed::rotate(found, &rotation, &arn, out).await,
            RotationMethod::ByHand if !rotation.is_provable() => Err(no_token_endpoint(
                &found.pool,
                "A new secret could not be verified. Add a domain to the pool, or the flow ALLOW_CLIENT_TOKEN_AUTH to the client.",
            )),
            RotationMethod::ByHand if !args.apply => found.plan(&rotation, out),
            RotationMethod::ByHand => match given {
                Some(given) if args.finish => found.finish(rotation, given, out).await,
                given => {
                    let own = given.map(|given| given.value);
                    Box::pin(found.start(rotation, own, out)).await
                }
            },
        }
    };
    tokio::select! {
        biased;
        outcome = work => outcome,
        code = interrupts() => {
            let lines = cut_off(&midway.borrow(), &client, &gateway);
            Err(Failure::Interrupted(code, lines))
        }
    }
}

/// The state of an interrupted rotation.
fn cut_off(midway: &InterruptedRotation, client: &AppClient, gateway: &Gateway) -> Vec<String> {
    let place = CliContext {
        pool: Some(&client.pool),
        profile: gateway.profile(),
        region: gateway.region(),
        endpoint: gateway.endpoint(),
    };
    let mut lines = vec!["interrupted".to_owned()];
    lines.extend(midway.lines(&client.settings.name, &client.id, Some(place)));
    lines
}

/// Checks that the new secret has a target, before it exists and could be lost.
fn printable(args: &RotateArgs, out: &Output) -> Result<(), Failure> {
    if !args.format.shows_secret() {
        return Err(Failure::usage(
            "this format contains no secret, so the new secret would be lost",
            "Use --format team, env, dotenv or json.",
        ));
    }
    match &args.to {
        None if args.output.is_data() => Err(Failure::usage(
            "--json needs stdout for the report, so the secret needs another target",
            "Use --to TARGET.",
        )),
        None if out.is_terminal() && !args.reveal => Err(Failure::new(
            "refused to print the new client secret on a terminal",
            "Use --to TARGET, pipe it to a program (| PROGRAM), or add --reveal.",
        )),
        _ => Ok(()),
    }
}

/// A client whose secret is rotated.
struct RotationTarget<'a> {
    args: &'a RotateArgs,
    delivery: Option<Delivery>,
    gateway: &'a Gateway,
    pool: UserPool,
    client: AppClient,
    caller: Caller,
    /// The progress of the rotation.
    midway: Rc<RefCell<InterruptedRotation>>,
}

impl<'a> RotationTarget<'a> {
    /// Finds the client, and reads it for the first step.
    async fn read(
        args: &'a RotateArgs,
        delivery: Option<Delivery>,
        gateway: &'a Gateway,
        out: &Output,
    ) -> Result<(Self, Rotation<'a>), Failure> {
        let (pool, found) = lookup::pool_and_client(gateway, &args.pool, &args.client).await?;
        if let Some(delivery) = &delivery {
            delivery::check_free(delivery, &found.id, gateway)
                .await
                .map_err(|error| destination::in_the_way(error, NOTHING_CHANGED))?;
        }
        let rotation = gateway.rotation_in(pool.clone(), &found.id).await?;
        if args.apply && !args.finish && rotation.method() == Ok(RotationMethod::ByHand) {
            printable(args, out)?;
        }
        let target = Self {
            args,
            delivery,
            gateway,
            pool,
            client: rotation.client.clone(),
            caller: gateway.caller(),
            midway: Rc::new(RefCell::new(InterruptedRotation::Nothing)),
        };
        Ok((target, rotation))
    }

    /// Reads the client for the next step.
    async fn again(&self) -> Result<Rotation<'a>, Error> {
        let pool = self.pool.clone();
        self.gateway.rotation_in(pool, &self.client.id).await
    }

    /// Sets the progress of the rotation, and reports what was done.
    fn reached(&self, midway: InterruptedRotation) {
        match &midway {
            InterruptedRotation::Added { id: Some(id), .. } => {
                self.say(&format!("added secret {id}; both secrets work"));
            }
            InterruptedRotation::Deleted { id } => {
                self.say(&format!("deleted the old secret {id}"));
            }
            _ => {}
        }
        *self.midway.borrow_mut() = midway;
    }

    fn method(&self, rotation: &Rotation<'_>) -> Result<RotationMethod, Failure> {
        rotation.method().map_err(|why| {
            let name = self.name();
            let next = match why {
                Unrotatable::Public => {
                    "Create a new app client with a secret; a public client cannot get one."
                }
                Unrotatable::Registered => {
                    "Nothing was changed. The application can register again to get a new client."
                }
                Unrotatable::Unknown(_) => "Nothing was changed.",
            };
            Failure::new(format!("cannot rotate {name}: {}", why.reason()), next)
        })
    }

    /// The client's name.
    fn name(&self) -> &str {
        &self.client.settings.name
    }

    /// Fails if `value` gets no token. `next` says what that means for the following steps.
    async fn proven<'r>(
        &self,
        rotation: Rotation<'r>,
        value: &SecretString,
        next: &str,
    ) -> Result<ProvenRotation<'r>, Failure> {
        let proven = rotation.prove_newer(value.clone()).await;
        proven.map_err(|proof| self.not_proven(proof, next))
    }

    fn not_proven(&self, proof: Proof, next: &str) -> Failure {
        let name = self.name();
        match proof {
            Proof::Unclear(reason) => Failure::new(
                format!("cannot verify the secret of {name}: {reason}"),
                format!("{next} `cognitui token` explains why."),
            ),
            Proof::Refused | Proof::Works => Failure::new(
                format!("secret rejected: it is not an active secret of {name}"),
                next,
            ),
        }
    }
}

impl RotationTarget<'_> {
    /// Delivers `value`. `arn` is a managed secret's.
    async fn deliver(
        &self,
        value: &SecretString,
        arn: Option<&str>,
    ) -> Result<Option<Receipt>, DeliveryError> {
        let endpoint = self.gateway.token_endpoint(&self.pool);
        let credentials = Credentials {
            endpoint: endpoint.as_deref(),
            graph_endpoint: None,
            client: &self.client.id,
            secret: value,
            secret_arn: arn,
        };
        let text = destination::in_format(&credentials, self.args.format, self.args.to.as_ref())
            .map_err(DeliveryError::NotDelivered)?;
        match &self.delivery {
            Some(delivery) => delivery::deliver(
                delivery,
                &self.client.id,
                &text,
                ChildStderr::Inherit,
                self.gateway,
            )
            .await
            .map(Some),
            None => print(text).await.map(|()| None),
        }
    }

    /// Notes the progress, unless [`RotateReport`] is printed as JSON.
    fn say(&self, line: &str) {
        if !self.args.output.is_data() {
            stderr_note(line);
        }
    }
}

/// The error of two secrets with an unknown order.
fn unordered(slots: &SecretPair) -> Failure {
    let mut lines = vec![
        "cannot tell which of the two secrets is older".to_owned(),
        "Delete the old one by id (DeleteUserPoolClientSecret):".to_owned(),
    ];
    lines.extend(slots.all().into_iter().map(|secret| secret.id.clone()));
    Failure::Message(lines)
}

/// Prints a secret in a blocking task, so that a signal can end a blocked write.
async fn print(text: SecretString) -> Result<(), DeliveryError> {
    let printed = tokio::task::spawn_blocking(move || Output::stdout(true).secret(&text)).await;
    let printed = printed.map_err(|error| DeliveryError::Unknown(error.to_string()))?;
    printed.map_err(|unprinted| {
        let words = format!("cannot print it: {}", unprinted.error);
        if unprinted.may_have_leaked {
            DeliveryError::Unknown(words)
        } else {
            DeliveryError::NotDelivered(words)
        }
    })
}
