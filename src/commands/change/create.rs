//! `create`.

use std::path::Path;

use super::{Change, Run, warn_left_out};
use crate::cli::{
    CreateArgs, CreateClientArgs, CreateDomainArgs, CreatePoolArgs, CreateScopeArgs,
    CreateServerArgs, CreateWhat, SecretKind,
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
use crate::domain::ids::PoolId;
use crate::domain::limits;
use crate::domain::plan::{self, CurrentState, DesiredPool, DesiredState, Existing, Plan, Step};
use crate::domain::resource_server::ResourceServer;

pub(in crate::commands) async fn run(
    args: &CreateArgs,
    gateway: &Gateway,
    interrupts: Interrupts,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let change = match &args.what {
        CreateWhat::Client(args) => client(args, gateway).await?,
        CreateWhat::Server(args) => server(args, gateway).await?,
        CreateWhat::Scope(args) => scope(args, gateway).await?,
        CreateWhat::Domain(args) => domain(args, gateway).await?,
        CreateWhat::Pool(args) => pool(args, gateway).await?,
    };
    let run = Run {
        write: args.what.write(),
        confirm: None,
        gateway,
        interrupts,
    };
    run.finish(change, out).await
}

/// The name of a resource: the argument, or else the file's.
fn named(
    argument: Option<&String>,
    file: Option<String>,
    path: Option<&Path>,
) -> Result<String, Failure> {
    argument.cloned().or(file).ok_or_else(|| {
        let path = path.unwrap_or_else(|| Path::new("-"));
        Failure::usage(
            format!("{} has no name", path.display()),
            "Pass the name as an argument, or add it to the file.",
        )
    })
}

/// The error of a setting that cannot be one.
fn wrong(reason: impl Into<String>) -> Failure {
    Failure::usage(reason, "Nothing was written.")
}

/// Nothing but the pool.
fn nothing(pool: DesiredPool) -> DesiredState {
    DesiredState {
        pool,
        servers: Vec::new(),
        client: None,
        domain: None,
    }
}

async fn in_pool(gateway: &Gateway, wanted: &str) -> Result<PoolId, Failure> {
    Ok(lookup::pool(gateway, wanted).await?.id)
}

async fn planned(
    gateway: &Gateway,
    wanted: &DesiredState,
) -> Result<(Plan, CurrentState), Failure> {
    let found = gateway.read_plan_input(wanted).await?;
    Ok((plan::create(wanted, &found), found))
}

async fn client(args: &CreateClientArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let path = args.file.file.as_deref();
    let mut document: ClientDocument = documents::read(path)?;
    document.add(&args.settings);
    let name = named(args.name.as_ref(), document.name.take(), path)?;
    document.name = Some(name.clone());
    let kind = args.settings.secret.or_else(|| document.secret_kind());
    let new = document
        .new_client(kind.unwrap_or(SecretKind::Cognito))
        .map_err(wrong)?;
    let pool = in_pool(gateway, &args.pool.pool).await?;
    let wanted = DesiredState {
        client: Some(new),
        ..nothing(DesiredPool::This(pool))
    };
    let (mut plan, found) = planned(gateway, &wanted).await?;
    warn_left_out(&mut plan, &document.left_out());
    Ok(Change {
        plan,
        clients: found.namesakes,
        name,
    })
}

async fn server(args: &CreateServerArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let path = args.file.file.as_deref();
    let mut document: ServerDocument = documents::read(path)?;
    let identifier = named(args.identifier.as_ref(), document.identifier.take(), path)?;
    document.identifier = Some(identifier.clone());
    if args.name.is_some() {
        document.name.clone_from(&args.name);
    }
    if !args.scope.is_empty() {
        let scopes = args.scope.iter().map(|text| ScopeText::parse(text));
        document.scopes = Some(scopes.collect());
    }
    let left_out: Vec<String> = document.other.keys().cloned().collect();
    let pool = in_pool(gateway, &args.pool.pool).await?;
    let wanted = DesiredState {
        servers: vec![document.new_server()],
        ..nothing(DesiredPool::This(pool))
    };
    let (mut plan, _) = planned(gateway, &wanted).await?;
    let left_out: Vec<&str> = left_out.iter().map(String::as_str).collect();
    warn_left_out(&mut plan, &left_out);
    Ok(Change {
        plan,
        clients: Vec::new(),
        name: identifier,
    })
}

async fn scope(args: &CreateScopeArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let path = args.file.file.as_deref();
    let document: ScopeDocument = documents::read(path)?;
    let full = named(args.scope.as_ref(), document.scope, path)?;
    let (identifier, name) = find::split(&full)?;
    let description = args.description.clone().or(document.description);
    let added = ScopeText {
        description: description.unwrap_or_else(|| name.clone()),
        name,
    };
    let pool = in_pool(gateway, &args.pool.pool).await?;
    let servers = all_pages(|next| gateway.resource_servers(&pool, next)).await?;
    let there = find::server(&servers, &pool, &identifier)?;
    let wanted = DesiredState {
        servers: vec![ResourceServer {
            identifier,
            name: there.name.clone(),
            scopes: vec![added.scope()],
            ..ResourceServer::default()
        }],
        ..nothing(DesiredPool::This(pool))
    };
    // A scope is added to a server that exists.
    let found = gateway.read_plan_input(&wanted).await?;
    let mut plan = plan::set_up(&wanted, &found);
    let is_pool = |step: &Step| matches!(step, Step::There(Existing::Pool { .. }));
    plan.steps.retain(|step| !is_pool(step));
    Ok(Change {
        plan,
        clients: Vec::new(),
        name: full,
    })
}

async fn domain(args: &CreateDomainArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let path = args.file.file.as_deref();
    let mut document: DomainDocument = documents::read(path)?;
    document.add(&args.settings);
    let name = named(args.domain.as_ref(), document.domain.take(), path)?;
    document.domain = Some(name.clone());
    let pool = in_pool(gateway, &args.pool.pool).await?;
    let wanted = DesiredState {
        domain: Some(document.new_domain()),
        ..nothing(DesiredPool::This(pool))
    };
    let (mut plan, _) = planned(gateway, &wanted).await?;
    warn_left_out(&mut plan, &document.left_out());
    Ok(Change {
        plan,
        clients: Vec::new(),
        name,
    })
}

async fn pool(args: &CreatePoolArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let path = args.file.file.as_deref();
    let mut document: PoolDocument = documents::read(path)?;
    document.add(args);
    let name = named(args.name.as_ref(), document.name.take(), path)?;
    document.name = Some(name.clone());
    limits::pool_name(&name).map_err(wrong)?;
    let wanted = nothing(DesiredPool::Create(document.new_pool()));
    let (mut plan, _) = planned(gateway, &wanted).await?;
    warn_left_out(&mut plan, &document.left_out());
    Ok(Change {
        plan,
        clients: Vec::new(),
        name,
    })
}
