namespace Penstock.Benchmarks.Pipelines;

/// <summary>What a user reads of an event of GitHub's, which has some hundred members.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">What happened.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Repo">Where.</param>
/// <param name="Payload">What it was about.</param>
/// <param name="CreatedAt">When.</param>
[Columns(Naming = NamingPolicy.SnakeCase)]
public sealed record HubEvent(string Id, string Type, HubActor Actor, HubRepo Repo, HubPayload Payload, DateTime CreatedAt);

/// <summary>Who did it.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Login">Their name.</param>
public readonly record struct HubActor(long Id, string Login);

/// <summary>Where it happened.</summary>
/// <param name="Id">The id of the repository.</param>
/// <param name="Name">Its name.</param>
public readonly record struct HubRepo(long Id, string Name);

/// <summary>What it was about.</summary>
/// <param name="Action">What was done with it.</param>
/// <param name="Size">How many commits were pushed.</param>
/// <param name="Commits">The commits that were pushed.</param>
/// <param name="PullRequest">The pull request.</param>
public sealed record HubPayload(string? Action = null, int? Size = null, HubCommit[]? Commits = null, HubPullRequest? PullRequest = null);

/// <summary>A commit.</summary>
/// <param name="Sha">Its hash.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Distinct">Whether it is a new one.</param>
public readonly record struct HubCommit(string Sha, HubAuthor Author, bool Distinct);

/// <summary>Who wrote a commit.</summary>
/// <param name="Name">Their name.</param>
public readonly record struct HubAuthor(string Name);

/// <summary>A pull request.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Merged">Whether it was taken.</param>
/// <param name="User">Who asked for it.</param>
public sealed record HubPullRequest(int Number, bool Merged, HubActor User);

/// <summary>Reads events from JSON Lines and does nothing with them.</summary>
[Pipeline]
public sealed partial class ReadEventsPipeline
{
    /// <summary>The events.</summary>
    [FileSource("events.jsonl")]
    [Sink<DiscardSink<HubEvent>>]
    public partial Stream<HubEvent> Events { get; }
}
