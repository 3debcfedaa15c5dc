//! From paths to inputs: directories in a stable order, digests and other files passed over and counted.

use std::path::{Path, PathBuf};

use trailql::events::{Source, collect_sources};

fn tree(files: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in files {
        let path = directory.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "{}\n").unwrap();
    }
    directory
}

fn inside(root: &Path, sources: &[Source]) -> Vec<PathBuf> {
    let path = |source: &Source| match source {
        Source::File(path) => path.strip_prefix(root).unwrap().to_owned(),
        other => panic!("{other}"),
    };
    sources.iter().map(path).collect()
}

#[test]
fn a_directory_gives_its_logs_in_the_order_of_their_names() {
    let directory = tree(&[
        "AWSLogs/1/CloudTrail/us-east-1/2024/09/02/1_CloudTrail_us-east-1_20240902T0410Z_b.json.gz",
        "AWSLogs/1/CloudTrail/us-east-1/2024/09/02/1_CloudTrail_us-east-1_20240902T0405Z_a.json.gz",
        "AWSLogs/1/CloudTrail-Digest/us-east-1/2024/09/02/1_CloudTrail-Digest_us-east-1_t_us-east-1_x.json.gz",
        "AWSLogs/1/CloudTrail-Insight/us-east-1/1_CloudTrail-Insight_us-east-1_c.json.gz",
        "moved/1_CloudTrail-Digest_us-east-1_t_us-east-1_y.json.gz",
        "Z.log",
        "a.txt",
        "b/10.ndjson",
        "b/9.ndjson",
        ".hidden.json",
        ".git/x.json",
        "notes.md",
        "export/000000.gz",
    ]);
    let found = collect_sources([directory.path()]);
    let expected = [
        "AWSLogs/1/CloudTrail/us-east-1/2024/09/02/1_CloudTrail_us-east-1_20240902T0405Z_a.json.gz",
        "AWSLogs/1/CloudTrail/us-east-1/2024/09/02/1_CloudTrail_us-east-1_20240902T0410Z_b.json.gz",
        "AWSLogs/1/CloudTrail-Insight/us-east-1/1_CloudTrail-Insight_us-east-1_c.json.gz",
        "Z.log",
        "a.txt",
        "b/10.ndjson",
        "b/9.ndjson",
        "export/000000.gz",
    ];
    assert_eq!(inside(directory.path(), &found.sources), expected.map(PathBuf::from));
    assert_eq!((found.digests, found.ignored), (2, 3));
    assert_eq!(found.problems, []);
    assert_eq!(collect_sources([directory.path()]), found);
}

#[test]
fn what_is_named_is_read_whatever_it_is_called() {
    let directory = tree(&["notes.md", ".hidden", "1_CloudTrail-Digest_x.json.gz"]);
    let paths =
        ["notes.md", ".hidden", "1_CloudTrail-Digest_x.json.gz"].map(|name| directory.path().join(name));
    let found = collect_sources(&paths);
    assert_eq!(found.sources, paths.map(Source::File));
    assert_eq!((found.digests, found.ignored, found.problems.len()), (0, 0, 0));
    assert_eq!(collect_sources(["-"]).sources, [Source::Stdin]);
}

#[test]
fn missing_paths_and_directories_without_logs_are_problems() {
    let directory = tree(&["good/a.json", "bad/notes.md", "bad/CloudTrail-Digest/x.json.gz"]);
    std::fs::create_dir(directory.path().join("empty")).unwrap();
    let paths = ["missing", "empty", "good", "bad"].map(|name| directory.path().join(name));
    let found = collect_sources(&paths);
    assert_eq!(found.sources, [Source::File(paths[2].join("a.json"))]);
    let problems: Vec<_> =
        found.problems.iter().map(|problem| (problem.kind.code(), problem.source.clone())).collect();
    let source = |path: usize| Source::File(paths[path].clone());
    assert_eq!(problems, [("IO001", source(0)), ("IO003", source(1)), ("IO003", source(3))]);
    assert!(found.problems[0].to_string().contains("No such file or directory"), "{}", found.problems[0]);
    assert_eq!((found.digests, found.ignored), (1, 1));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_a_circle_is_a_problem() {
    let directory = tree(&["logs/a.json"]);
    let root = directory.path();
    std::os::unix::fs::symlink(root.join("logs/a.json"), root.join("logs/b.json")).unwrap();
    std::os::unix::fs::symlink(root.join("logs"), root.join("logs/circle")).unwrap();
    std::os::unix::fs::symlink(root.join("gone"), root.join("logs/c.json")).unwrap();
    let found = collect_sources([root.join("logs")]);
    assert_eq!(inside(root, &found.sources), ["logs/a.json", "logs/b.json"].map(PathBuf::from));
    let problems: Vec<_> = found.problems.iter().map(|problem| problem.kind.code()).collect();
    assert_eq!(problems, ["IO001", "IO002"]);
}
