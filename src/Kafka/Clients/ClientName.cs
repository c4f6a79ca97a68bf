namespace Penstock.Kafka;

/// <summary>The identity of the owner of a client, for the tags of its metrics.</summary>
/// <param name="Pipeline">The name of the pipeline.</param>
/// <param name="Kind"><c>source</c> or <c>sink</c>.</param>
/// <param name="Id">The id of the source or sink.</param>
/// <param name="Subtask">The index of the subtask; null if all subtasks share the client.</param>
internal sealed record ClientName(string Pipeline, string Kind, string Id, int? Subtask)
{
    /// <summary>The tags: <c>pipeline</c>, <c>source</c> or <c>sink</c>, and <c>subtask</c>.</summary>
    public KeyValuePair<string, object?>[] Tags =>
        Subtask is { } subtask
            ? [new("pipeline", Pipeline), new(Kind, Id), new("subtask", subtask)]
            : [new("pipeline", Pipeline), new(Kind, Id)];
}
