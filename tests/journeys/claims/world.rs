//! The data of Cognito, read once through the gateway; and a console whose queries the test answers from it: at once, never, with
//! a failure, or in part.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::mem::{Discriminant, discriminant};
use std::sync::{Arc, Mutex};

use cognitui::app::App;
use cognitui::app::message::{
    Effect, Message, PoolAnswer, Query, QueryResult, Route, TaskEvent, TokenId, TokenInfo,
    TokenResponse,
};
use cognitui::app::session::Session;
use cognitui::cognito::{Error, ErrorKind, Gateway, Target};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::oauth::token::{ClientAuth, TokenRequest, Verification};
use cognitui::domain::pool::DnsRecord;
use cognitui::domain::preset::PresetCatalog;
use cognitui::domain::secret::ManagedSecret;
use cognitui::domain::time::Timestamp;
use cognitui::input::KeyMap;
use cognitui::runtime::tasks::queries;
use cognitui::sandbox::{Options, Sandbox};
use cognitui::screens;
use cognitui::ui::theme::Theme;
use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::key_event::key_event;
use crate::screen;
use crate::stage::sandbox;

/// A pool with resources of all kinds.
pub const POOL: &str = "eu-west-1_Pr0dAcm3X";

/// A pool with a client whose secret AWS Secrets Manager holds.
pub const MANAGED: (&str, &str) = ("eu-west-1_N0t1fyPr0", "push-gateway");

/// The fate of the queries of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The answer arrives at once.
    Comes,
    /// The answer never arrives. Of the details of clients, no more are requested.
    Hangs,
    Denied,
    Unreachable,
    /// The first half of a list arrives, the rest never does.
    HalfHangs,
    /// The first half arrives, and the rest fails.
    HalfDenied,
    /// The first half is the whole list.
    HalfIsAll,
}

/// A kind of query, given by an example.
pub type Kind = Discriminant<Query>;

/// The fate of the queries of one kind; all others are answered.
#[derive(Clone, Copy)]
pub struct Turn {
    pub kind: Kind,
    pub fate: Fate,
    /// The answer is empty.
    pub emptied: bool,
}

impl Turn {
    /// Answers with the data, with this fate.
    pub const fn of(kind: Kind, fate: Fate) -> Self {
        let emptied = false;
        Self {
            kind,
            fate,
            emptied,
        }
    }

    /// Answers that nothing exists.
    pub const fn emptied(kind: Kind) -> Self {
        let (fate, emptied) = (Fate::Comes, true);
        Self {
            kind,
            fate,
            emptied,
        }
    }
}

/// The answers.
pub struct World {
    _sandbox: Sandbox,
    gateway: Gateway,
    answers: HashMap<Query, QueryResult>,
    reply: Option<TokenResponse>,
}

impl World {
    pub async fn read() -> Self {
        let sandbox = sandbox(Options::default()).await;
        let target = Target::sandbox(&sandbox.url(), "eu-west-1");
        let gateway = Gateway::connect(target, Arc::new(|_| {})).await.unwrap();
        Self {
            _sandbox: sandbox,
            gateway,
            answers: HashMap::new(),
            reply: None,
        }
    }

    async fn answer(&mut self, query: &Query) -> QueryResult {
        if let Some(known) = self.answers.get(query) {
            return known.clone();
        }
        let answer = self.ask(query).await;
        self.answers.insert(query.clone(), answer.clone());
        answer
    }

    async fn ask(&self, query: &Query) -> QueryResult {
        match query {
            Query::DnsRecord(..) => return QueryResult::DnsRecord(DnsRecord::Found),
            Query::GraphApis => return QueryResult::GraphApis(Vec::new()),
            _ => {}
        }
        let pieces = Mutex::new(Vec::new());
        let send = |data, last: bool| {
            assert!(last, "more than a page: {query:?}");
            pieces.lock().unwrap().push(data);
        };
        queries::answer(&self.gateway, query, send).await.unwrap();
        pieces.into_inner().unwrap().remove(0)
    }

    /// Issues a token to a client of the pool, once.
    async fn token(&mut self, name: &str) -> TaskEvent {
        let request = TokenRequest {
            pool: PoolId::new(POOL),
            client: self.client(name).await,
            endpoint: format!("{}/oauth2/token", self.gateway.endpoint().unwrap()),
            scopes: Vec::new(),
            auth: ClientAuth::Basic,
            metadata: BTreeMap::new(),
        };
        if self.reply.is_none() {
            let secret = self.gateway.secret(&request.pool, &request.client).await;
            let secret = secret.unwrap();
            let reply = self.gateway.issue(&request, &secret).await.unwrap();
            let token = reply.outcome.unwrap();
            let outcome = Ok(TokenInfo {
                id: TokenId(1),
                jwt: token.jwt,
                expires_in: token.expires_in,
                token_type: token.token_type,
                verification: Verification::Unknown {
                    reason: "not here".to_owned(),
                },
            });
            self.reply = Some(TokenResponse {
                exchange: reply.exchange,
                outcome,
            });
        }
        TaskEvent::TokenIssued {
            request,
            outcome: Ok(self.reply.clone().unwrap()),
        }
    }

    /// Returns an app client of the pool, by name.
    pub async fn client(&mut self, name: &str) -> ClientId {
        self.client_of(&PoolId::new(POOL), name).await
    }

    /// Returns an app client of another pool.
    pub async fn client_of(&mut self, pool: &PoolId, name: &str) -> ClientId {
        let query = Query::Clients(pool.clone());
        let QueryResult::Clients(clients) = self.answer(&query).await else {
            unreachable!()
        };
        clients
            .into_iter()
            .find(|client| client.name == name)
            .unwrap()
            .id
    }
}

/// Returns the answer of a world in which nothing of this kind exists.
fn emptied(data: QueryResult) -> QueryResult {
    match data {
        QueryResult::Pools(_) => QueryResult::Pools(Vec::new()),
        QueryResult::Pool(PoolAnswer { mut pool, .. }) => {
            pool.prefix_domain = None;
            pool.custom_domain = None;
            pool.deletion_protection = Some(false);
            pool.pre_token_trigger = None;
            pool.tags.clear();
            pool.estimated_users = Some(0);
            let token_endpoint = None;
            QueryResult::Pool(PoolAnswer {
                pool,
                token_endpoint,
            })
        }
        QueryResult::Domains(_) => QueryResult::Domains(Vec::new()),
        QueryResult::ResourceServers(_) => QueryResult::ResourceServers(Vec::new()),
        QueryResult::Clients(_) => QueryResult::Clients(Vec::new()),
        QueryResult::Client(mut client) => {
            let set = &mut client.settings;
            set.oauth_enabled = false;
            set.flows.clear();
            set.scopes.clear();
            set.explicit_auth_flows.clear();
            set.identity_providers.clear();
            set.callback_urls.clear();
            set.logout_urls.clear();
            QueryResult::Client(client)
        }
        QueryResult::Secrets(_) => QueryResult::Secrets(Vec::new()),
        QueryResult::DnsRecord(_) => QueryResult::DnsRecord(DnsRecord::Missing),
        QueryResult::CurrentState(_) => QueryResult::CurrentState(Box::default()),
        QueryResult::DomainOwner(_) => QueryResult::DomainOwner(None),
        QueryResult::GraphApis(_) => QueryResult::GraphApis(Vec::new()),
        QueryResult::ManagedSecret(secret) => QueryResult::ManagedSecret(ManagedSecret {
            rotates: Some(false),
            last_rotated: None,
            next_rotation: None,
            schedule: None,
            ..secret
        }),
        QueryResult::Identity(_) => data,
    }
}

/// Returns the first half of a list; `None` for other data.
fn half(data: QueryResult) -> Option<QueryResult> {
    fn first<T>(mut items: Vec<T>) -> Vec<T> {
        items.truncate(items.len() / 2);
        items
    }
    Some(match data {
        QueryResult::Pools(items) => QueryResult::Pools(first(items)),
        QueryResult::ResourceServers(items) => QueryResult::ResourceServers(first(items)),
        QueryResult::Clients(items) => QueryResult::Clients(first(items)),
        _ => return None,
    })
}

fn now() -> Timestamp {
    cognitui::runtime::now()
}

/// A console whose queries are answered from a world.
pub struct Asked {
    app: App,
    turn: Turn,
    /// The kinds of queries that were sent.
    pub kinds: HashSet<Kind>,
    at: Timestamp,
    size: (u16, u16),
}

impl Asked {
    /// Opens a console on a screen.
    pub async fn on(route: &Route, turn: Turn, size: (u16, u16), world: &mut World) -> Self {
        let session = Session {
            region: Some("eu-west-1".to_owned()),
            endpoint: Some(world.gateway.endpoint().unwrap().to_owned()),
            presets: Arc::new(PresetCatalog::new(&[])),
            ..Session::default()
        };
        let at = now();
        let (keys, theme) = (KeyMap::default(), Theme::colour());
        let mut app = App::new(session, keys, theme, screens::open, route.clone(), at);
        let effects = app.start();
        let mut asked = Self {
            app,
            turn,
            kinds: HashSet::new(),
            at,
            size,
        };
        asked.carry_out(effects, world).await;
        asked
    }

    /// Issues a token to the client `checkout`.
    pub async fn issue(&mut self, world: &mut World) {
        let fact = world.token("checkout").await;
        let effects = self.app.update(Message::Event(Box::new(fact)), self.at);
        self.carry_out(effects, world).await;
    }

    /// Changes the fate of the queries of this kind.
    pub fn turn_to(&mut self, turn: Turn) {
        self.turn = turn;
        self.kinds.clear();
    }

    /// Presses keys, each after the answers to the previous one.
    pub async fn press(&mut self, keys: &str, world: &mut World) {
        for key in keys.split_whitespace() {
            // Seen first: keys act upon what was drawn.
            self.screen();
            // Later than any pause between what pours in.
            self.at = Timestamp::from_millis(self.at.millis() + 1_000);
            let effects = self
                .app
                .update(Message::Input(Event::Key(key_event(key))), self.at);
            self.carry_out(effects, world).await;
        }
    }

    async fn carry_out(&mut self, effects: Vec<Effect>, world: &mut World) {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            let Effect::Fetch(query, run) = &effect else {
                continue;
            };
            self.kinds.insert(discriminant(query));
            for fact in self.answers(query, *run, world).await {
                self.at = Timestamp::from_millis(self.at.millis() + 1);
                queue.extend(self.app.update(Message::Event(Box::new(fact)), self.at));
            }
        }
        // What is made at intervals while answers pour in is made of the last of them.
        self.at = Timestamp::from_millis(self.at.millis() + 1_000);
        let effects = self.app.update(Message::Tick, self.at);
        Box::pin(async {
            if !effects.is_empty() {
                self.carry_out(effects, world).await;
            }
        })
        .await;
    }

    async fn answers(&self, query: &Query, run: u32, world: &mut World) -> Vec<TaskEvent> {
        let whole = world.answer(query).await;
        let loaded = |data, last| TaskEvent::Loaded {
            query: query.clone(),
            run,
            data,
            last,
        };
        let failed = |kind| TaskEvent::Failed {
            query: query.clone(),
            run,
            error: Error::new(
                "the question",
                kind,
                "in other words",
                "Do something about it.",
            ),
        };
        let denied = || {
            failed(ErrorKind::AccessDenied {
                action: "cognito-idp:Something".to_owned(),
            })
        };
        if discriminant(query) != self.turn.kind {
            return vec![loaded(whole, true)];
        }
        let whole = if self.turn.emptied {
            emptied(whole)
        } else {
            whole
        };
        let first = || half(whole.clone());
        match self.turn.fate {
            Fate::Comes => vec![loaded(whole, true)],
            Fate::Hangs => Vec::new(),
            Fate::Denied => vec![denied()],
            Fate::Unreachable => vec![failed(ErrorKind::Connect)],
            Fate::HalfHangs => first()
                .map(|data| loaded(data, false))
                .into_iter()
                .collect(),
            Fate::HalfDenied => {
                let first = first().map(|data| loaded(data, false));
                first.into_iter().chain([denied()]).collect()
            }
            Fate::HalfIsAll => first().map(|data| loaded(data, true)).into_iter().collect(),
        }
    }

    /// Returns the screen, one line per row.
    pub fn screen(&mut self) -> String {
        let (width, height) = self.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.app.draw(&mut buffer);
        screen::text(&buffer)
    }
}
