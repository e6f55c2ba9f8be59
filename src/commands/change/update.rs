//! `update`.

use super::{Change, Run, all_clients};
use crate::cli::{
    SecretKind, Switch, UpdateArgs, UpdateClientArgs, UpdateDomainArgs, UpdatePoolArgs,
    UpdateScopeArgs, UpdateServerArgs, UpdateWhat,
};
use crate::cognito::{Gateway, all_pages};
use crate::commands::documents;
use crate::commands::documents::client::ClientDocument;
use crate::commands::documents::domain::DomainDocument;
use crate::commands::documents::pool::PoolDocument;
use crate::commands::documents::server::{ScopeDocument, ScopeText, ServerDocument};
use crate::commands::shared::output::Output;
use crate::commands::shared::{find, lookup};
use crate::commands::{Exit, Failure, Interrupts};
use crate::domain::client::AppClient;
use crate::domain::plan::{self, Plan, Target};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;
use crate::domain::secret::SecretState;

pub(in crate::commands) async fn run(
    args: &UpdateArgs,
    gateway: &Gateway,
    interrupts: Interrupts,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let change = match &args.what {
        UpdateWhat::Client(args) => client(args, gateway).await?,
        UpdateWhat::Server(args) => server(args, gateway).await?,
        UpdateWhat::Scope(args) => scope(args, gateway).await?,
        UpdateWhat::Domain(args) => domain(args, gateway).await?,
        UpdateWhat::Pool(args) => pool(args, gateway).await?,
    };
    let run = Run {
        write: args.what.write(),
        confirm: Some(args.what.confirm()),
        gateway,
        interrupts,
    };
    run.finish(change, out).await
}

async fn client(args: &UpdateClientArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let mut document: ClientDocument = documents::read(args.file.file.as_deref())?;
    document.add(&args.settings);
    if args.name.is_some() {
        document.name.clone_from(&args.name);
    }
    let (pool, found) = lookup::pool_and_client(gateway, &args.pool.pool, &args.client).await?;
    let (before, servers) = tokio::try_join!(
        gateway.client(&pool.id, &found.id),
        all_pages(|next| gateway.resource_servers(&pool.id, next)),
    )?;
    let mut after = before.settings.clone();
    let wrong = |reason| Failure::usage(reason, "Nothing was written.");
    document.change(&mut after).map_err(wrong)?;
    for scope in ScopeName::of_lists(args.add_scope.iter().map(String::as_str)) {
        if !after.scopes.contains(&scope) {
            after.scopes.push(scope);
        }
    }
    let removed = ScopeName::of_lists(args.remove_scope.iter().map(String::as_str));
    after.scopes.retain(|scope| !removed.contains(scope));
    let plan = match args.settings.secret {
        None => plan::edit_client(Target::from(&pool), &before, &after, &servers),
        Some(kind) => {
            if after != before.settings {
                return Err(Failure::usage(
                    "--secret moves the secret, and does nothing else",
                    "Change the other settings in another run.",
                ));
            }
            moved(&pool, &before, kind, gateway).await?
        }
    };
    Ok(Change {
        plan,
        name: before.settings.name.clone(),
        clients: vec![before],
    })
}

/// Moves a secret to where it is wanted.
async fn moved(
    pool: &UserPool,
    client: &AppClient,
    kind: SecretKind,
    gateway: &Gateway,
) -> Result<Plan, Failure> {
    let state = gateway.secret_state(client).await;
    let managed = match (kind, &state) {
        (SecretKind::Managed, _) => true,
        (SecretKind::Cognito, state) if !state.is_public() => false,
        (SecretKind::None, SecretState::None) => {
            return Ok(Plan::of(Target::from(pool)));
        }
        (SecretKind::Cognito | SecretKind::None, _) => {
            return Err(Failure::new(
                format!("app client {} has {}", client.settings.name, state.label()),
                "A client keeps its secret, and a public client cannot get one: create a new client.",
            ));
        }
    };
    let is_managed = matches!(state, SecretState::Managed { .. });
    if managed == is_managed {
        return Ok(Plan::of(Target::from(pool)));
    }
    let secrets = gateway.secrets(&pool.id, &client.id).await.ok();
    let count = secrets.map(|secrets| secrets.len());
    Ok(plan::move_secret(
        Target::from(pool),
        client,
        managed,
        count,
    ))
}

async fn server(args: &UpdateServerArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let mut document: ServerDocument = documents::read(args.file.file.as_deref())?;
    if args.name.is_some() {
        document.name.clone_from(&args.name);
    }
    let pool = lookup::pool(gateway, &args.pool.pool).await?;
    let servers = all_pages(|next| gateway.resource_servers(&pool.id, next)).await?;
    let before = find::server(&servers, &pool.id, &args.identifier)?;
    let mut after = before.clone();
    document.change(&mut after);
    for added in args.add_scope.iter().map(|text| ScopeText::parse(text)) {
        let added = added.scope();
        match after
            .scopes
            .iter_mut()
            .find(|scope| scope.name == added.name)
        {
            Some(there) => there.description = added.description,
            None => after.scopes.push(added),
        }
    }
    after
        .scopes
        .retain(|scope| !args.remove_scope.contains(&scope.name));
    let edit = Edit {
        pool: &pool,
        servers: &servers,
        prune: args.prune,
    };
    edit.plan(before, &after, gateway).await
}

/// An edit of a resource server.
pub(super) struct Edit<'a> {
    pub pool: &'a UserPool,
    pub servers: &'a [ResourceServer],
    pub prune: bool,
}

impl Edit<'_> {
    /// Reads the clients only if a scope is removed.
    pub async fn plan(
        &self,
        before: &ResourceServer,
        after: &ResourceServer,
        gateway: &Gateway,
    ) -> Result<Change, Failure> {
        let stays = |name: &str| after.scopes.iter().any(|scope| scope.name == name);
        let removes = before.scopes.iter().any(|scope| !stays(&scope.name));
        let clients = if removes {
            all_clients(gateway, &self.pool.id).await?
        } else {
            Vec::new()
        };
        let target = Target::from(self.pool);
        Ok(Change {
            plan: plan::edit_server(target, before, after, &clients, self.servers, self.prune),
            clients: Vec::new(),
            name: before.identifier.clone(),
        })
    }
}

async fn scope(args: &UpdateScopeArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let document: ScopeDocument = documents::read(args.file.file.as_deref())?;
    let pool = lookup::pool(gateway, &args.pool.pool).await?;
    let servers = all_pages(|next| gateway.resource_servers(&pool.id, next)).await?;
    let (before, scope) = find::scope(&servers, &pool.id, &args.scope)?;
    let description = args.description.clone().or(document.description);
    let description = description.unwrap_or_else(|| scope.description.clone());
    let mut after = before.clone();
    for one in &mut after.scopes {
        if one.name == scope.name {
            one.description.clone_from(&description);
        }
    }
    let edit = Edit {
        pool: &pool,
        servers: &servers,
        prune: false,
    };
    edit.plan(before, &after, gateway).await
}

async fn domain(args: &UpdateDomainArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let mut document: DomainDocument = documents::read(args.file.file.as_deref())?;
    document.add(&args.settings);
    document.domain = Some(args.domain.clone());
    let pool = lookup::pool(gateway, &args.pool.pool).await?;
    let domains = gateway.domains(&pool).await?;
    let before = find::domain(&domains, &pool.id, &args.domain)?;
    let mut after = document.new_domain();
    // What is not stated is kept.
    after.certificate_arn = after
        .certificate_arn
        .or_else(|| before.certificate_arn.clone());
    after.managed_login_version = after.managed_login_version.or(before.managed_login_version);
    Ok(Change {
        plan: plan::edit_domain(&pool, before, &after),
        clients: Vec::new(),
        name: before.name.clone(),
    })
}

async fn pool(args: &UpdatePoolArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let document: PoolDocument = documents::read(args.file.file.as_deref())?;
    let pool = lookup::pool(gateway, &args.pool).await?;
    let other = document.unchangeable(&pool);
    if !other.is_empty() {
        return Err(Failure::usage(
            format!("update pool cannot change {}", other.join(", ")),
            "It changes deletion_protection only. Take the others out of the file.",
        ));
    }
    let on = args
        .protection
        .map(Switch::is_on)
        .or(document.deletion_protection);
    Ok(Change {
        plan: match on {
            Some(on) => plan::protect(&pool, on),
            None => Plan::of(Target::from(&pool)),
        },
        clients: Vec::new(),
        name: pool.name.clone(),
    })
}
