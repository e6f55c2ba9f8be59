//! No screen states a fact about data that it has not loaded.
//!
//! A claim is what a screen says only if nothing exists. In a world where something exists, a claim is false: so no screen may
//! make it while the answer is loading, failed or partial. If the answer was empty and a newer one fails, the screen must differ
//! from an up-to-date one.

mod stops;
mod world;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::mem::discriminant;

use cognitui::app::message::Query;
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::plan::{DesiredPool, DesiredState};

use stops::Stop;
use world::{Asked, Fate, Kind, Turn, World};

const SIZE: (u16, u16) = (130, 45);

/// Returns the kinds of queries, each with its name in the matrix and whether its answer has pages.
fn kinds() -> Vec<(&'static str, Kind, bool)> {
    let (pool, client) = (PoolId::new("a_b"), ClientId::new("c"));
    let wanted = Box::new(DesiredState {
        pool: DesiredPool::This(pool.clone()),
        servers: Vec::new(),
        client: None,
        domain: None,
    });
    [
        ("pools", Query::Pools, true),
        ("pool", Query::Pool(pool.clone()), false),
        ("domains", Query::Domains(pool.clone()), false),
        ("servers", Query::ResourceServers(pool.clone()), true),
        ("clients", Query::Clients(pool.clone()), true),
        ("client", Query::Client(pool.clone(), client.clone()), false),
        ("secrets", Query::Secrets(pool.clone(), client), false),
        ("dns", Query::DnsRecord(pool.clone(), "d".to_owned()), false),
        (
            "managed",
            Query::ManagedSecret(pool, "arn".to_owned()),
            false,
        ),
        ("found", Query::CurrentState(wanted), false),
        ("owner", Query::DomainOwner("d".to_owned()), false),
    ]
    .map(|(name, query, pages)| (name, discriminant(&query), pages))
    .to_vec()
}

/// Returns the texts on a screen: the pieces inside its panes, and each with the previous one on its line, as in `Domain` `none`.
/// The top and the bottom line do not count: with fewer actions there is space for more hints.
fn said(screen: &str) -> BTreeSet<String> {
    let count = screen.lines().count();
    let mut said = BTreeSet::new();
    let panes = screen.lines().take(count - 1).skip(1);
    for part in panes.flat_map(|line| line.split(|c| "│┌┐└┘├┤▌┃█".contains(c)))
    {
        let part = part.replace("  ", "\n").replace(" · ", "\n");
        let pieces: Vec<&str> = part
            .split(['\n', '─'])
            .map(str::trim)
            .filter(|piece| piece.chars().any(char::is_alphanumeric))
            .filter(|piece| !is_time(piece) && !NO_CLAIMS.contains(piece))
            .collect();
        said.extend(pieces.iter().map(|piece| (*piece).to_owned()));
        said.extend(pieces.windows(2).map(|pair| pair.join(" | ")));
    }
    said
}

/// Returns whether the piece changes from run to run.
fn is_time(piece: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let clock = |pair: &[&str]| pair[0].ends_with(digit) && pair[1].starts_with(digit);
    piece.ends_with(" ago")
        || piece == "just now"
        || piece.split(':').collect::<Vec<_>>().windows(2).any(clock)
}

/// Sentences that are shown in both cases, broken at different places because one is longer.
const NO_CLAIMS: [&str; 2] = [
    "free here, about $0.00225 on AWS. No",
    "free here, about $0.00225 on AWS. No scope",
];

/// Returns the notice of a key: the text below the last pane, unless it is the hints.
fn noticed(screen: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = screen.lines().collect();
    let last = lines.iter().rposition(|line| line.starts_with('└'));
    let notice = lines[last.map_or(0, |at| at + 1)..].join(" ");
    let notice = notice.split_whitespace().collect::<Vec<_>>().join(" ");
    let hints = notice.contains("? help") || notice.contains("esc back");
    let notice = (!hints).then_some(notice);
    notice.into_iter().collect()
}

/// Views one screen, or the result of a key on it.
async fn look(
    stop: &Stop,
    probe: &str,
    turn: Turn,
    world: &mut World,
) -> (Asked, BTreeSet<String>) {
    let mut asked = Asked::on(&stop.route, turn, SIZE, world).await;
    if stop.token {
        asked.issue(world).await;
    }
    asked.press(stop.keys, world).await;
    if probe.is_empty() {
        let said = said(&asked.screen());
        return (asked, said);
    }
    asked.press(probe, world).await;
    let noticed = noticed(&asked.screen());
    (asked, noticed)
}

/// The errors in one cell of the matrix.
type Wrong = Vec<String>;

/// Returns the claims on a screen, or of a refused key, for each kind of query whose answer has one of these fates; `None` if
/// there is nothing to claim.
async fn claims(
    stop: &Stop,
    probe: &str,
    fates: &[(Fate, bool)],
    world: &mut World,
    matrix: &mut Matrix,
) {
    let row = format!("{} {probe}", stop.name);
    let (_, first, _) = kinds()[0];
    let (full, there) = look(stop, probe, Turn::of(first, Fate::Comes), world).await;
    for (name, kind, pages) in kinds() {
        let is_asked = full.kinds.contains(&kind);
        let mut absent = BTreeSet::new();
        let mut half = BTreeSet::new();
        if is_asked {
            absent = look(stop, probe, Turn::emptied(kind), world).await.1;
        }
        if is_asked && pages {
            half = look(stop, probe, Turn::of(kind, Fate::HalfIsAll), world)
                .await
                .1;
        }
        for (fate, is_half) in fates {
            let absent = if *is_half { &half } else { &absent };
            let claims: BTreeSet<&String> = absent.difference(&there).collect();
            let mut cell = None;
            if !claims.is_empty() {
                let (_, shown) = look(stop, probe, Turn::of(kind, *fate), world).await;
                let made = shown.into_iter().filter(|piece| claims.contains(piece));
                cell = Some(made.collect());
            }
            if pages || !is_half {
                matrix.put(row.trim(), &format!("{name} {fate:?}"), cell);
            }
        }
    }
}

/// Returns whether a screen that rightly says that nothing exists looks the same after reading it again has failed.
async fn stale(stop: &Stop, kind: Kind, fate: Fate, world: &mut World) -> Option<Wrong> {
    let (_, there) = look(stop, "", Turn::of(kind, Fate::Comes), world).await;
    let (mut asked, current) = look(stop, "", Turn::emptied(kind), world).await;
    asked.turn_to(Turn::of(kind, fate));
    // The notice of what failed is gone with the next key.
    asked.press("r down up", world).await;
    if !asked.kinds.contains(&kind) {
        return None;
    }
    let shown = said(&asked.screen());
    let claims: BTreeSet<&String> = current.difference(&there).collect();
    let made: Wrong = shown
        .iter()
        .filter(|piece| claims.contains(piece))
        .cloned()
        .collect();
    let is_marked = !shown.is_subset(&current);
    Some(if is_marked { Vec::new() } else { made })
}

/// The matrix of what was viewed: queries, possible claims, claims made.
struct Matrix {
    cells: HashMap<(String, String), Option<Wrong>>,
    rows: Vec<String>,
    columns: Vec<String>,
}

impl Matrix {
    fn new() -> Self {
        Self {
            cells: HashMap::new(),
            rows: Vec::new(),
            columns: Vec::new(),
        }
    }

    fn put(&mut self, row: &str, column: &str, cell: Option<Wrong>) {
        for (all, one) in [(&mut self.rows, row), (&mut self.columns, column)] {
            if !all.iter().any(|known| known == one) {
                all.push(one.to_owned());
            }
        }
        self.cells.insert((row.to_owned(), column.to_owned()), cell);
    }

    /// Prints it; fails if a claim was made, or if fewer cells than this had anything to claim.
    fn judge(&self, least: usize) {
        let mut out = String::new();
        let mut wrong = 0;
        for row in &self.rows {
            for column in &self.columns {
                if let Some(Some(claims)) = self.cells.get(&(row.clone(), column.clone()))
                    && !claims.is_empty()
                {
                    wrong += 1;
                    writeln!(out, "{row}, {column}: {claims:?}").unwrap();
                }
            }
        }
        for (at, column) in self.columns.iter().enumerate() {
            writeln!(out, "{:at$}{column}", "").unwrap();
        }
        for row in &self.rows {
            let sign = |column: &String| match self.cells.get(&(row.clone(), column.clone())) {
                Some(Some(claims)) if claims.is_empty() => '·',
                Some(Some(_)) => '✗',
                _ => ' ',
            };
            let signs: String = self.columns.iter().map(sign).collect();
            writeln!(out, "{signs} {row}").unwrap();
        }
        assert_eq!(wrong, 0, "claims about what was not read:\n{out}");
        let looked = self.cells.values().flatten().count();
        assert!(looked >= least, "only {looked} cells say anything:\n{out}");
    }
}

const FATES: [(Fate, bool); 5] = [
    (Fate::Hangs, false),
    (Fate::Denied, false),
    (Fate::Unreachable, false),
    (Fate::HalfHangs, true),
    (Fate::HalfDenied, true),
];

#[tokio::test]
async fn no_screen_claims_anything_of_what_is_missing_on_its_way_failed_or_half_read() {
    let mut world = World::read().await;
    let mut matrix = Matrix::new();
    for stop in stops::all(&mut world).await {
        Box::pin(claims(&stop, "", &FATES, &mut world, &mut matrix)).await;
    }
    matrix.judge(200);
}

#[tokio::test]
async fn no_key_is_refused_with_a_claim_about_what_was_not_read() {
    let mut world = World::read().await;
    let mut matrix = Matrix::new();
    let fates = [(Fate::Hangs, false), (Fate::Denied, false)];
    for stop in stops::all(&mut world).await {
        for probe in stop.probes.split_whitespace() {
            Box::pin(claims(&stop, probe, &fates, &mut world, &mut matrix)).await;
        }
    }
    matrix.judge(80);
}

#[tokio::test]
async fn what_could_not_be_read_again_is_marked() {
    let mut world = World::read().await;
    let mut matrix = Matrix::new();
    for stop in stops::all(&mut world).await {
        for (name, kind, _) in kinds() {
            for fate in [Fate::Hangs, Fate::Denied] {
                let cell = stale(&stop, kind, fate, &mut world).await;
                matrix.put(stop.name, &format!("{name} {fate:?}"), cell);
            }
        }
    }
    matrix.judge(60);
}
