namespace Penstock.Benchmarks.Pipelines;

/// <summary>The part of a GitHub event that a user reads; such an event has about a hundred members.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">The type of the event.</param>
/// <param name="Actor">The user who caused it.</param>
/// <param name="Repo">The repository.</param>
/// <param name="Payload">The details.</param>
/// <param name="CreatedAt">The time of the event.</param>
[Columns(Naming = NamingPolicy.SnakeCase)]
public sealed record HubEvent(string Id, string Type, HubActor Actor, HubRepo Repo, HubPayload Payload, DateTime CreatedAt);

/// <summary>The user who caused an event.</summary>
/// <param name="Id">The id of the user.</param>
/// <param name="Login">The name of the user.</param>
public readonly record struct HubActor(long Id, string Login);

/// <summary>The repository of an event.</summary>
/// <param name="Id">The id of the repository.</param>
/// <param name="Name">Its name.</param>
public readonly record struct HubRepo(long Id, string Name);

/// <summary>The details of an event.</summary>
/// <param name="Action">The action.</param>
/// <param name="Size">The number of pushed commits.</param>
/// <param name="Commits">The pushed commits.</param>
/// <param name="PullRequest">The pull request.</param>
public sealed record HubPayload(string? Action = null, int? Size = null, HubCommit[]? Commits = null, HubPullRequest? PullRequest = null);

/// <summary>A commit.</summary>
/// <param name="Sha">Its hash.</param>
/// <param name="Author">The author.</param>
/// <param name="Distinct">Whether it is new.</param>
public readonly record struct HubCommit(string Sha, HubAuthor Author, bool Distinct);

/// <summary>The author of a commit.</summary>
/// <param name="Name">The name of the author.</param>
public readonly record struct HubAuthor(string Name);

/// <summary>A pull request.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Merged">Whether it was merged.</param>
/// <param name="User">The user who opened it.</param>
public sealed record HubPullRequest(int Number, bool Merged, HubActor User);

/// <summary>Reads events from JSON Lines and drops them.</summary>
[Pipeline]
public sealed partial class ReadEventsPipeline
{
    /// <summary>The events.</summary>
    [FileSource("events.jsonl")]
    [Sink<DiscardSink<HubEvent>>]
    public partial Stream<HubEvent> Events { get; }
}
