using Microsoft.Extensions.Logging;

namespace Penstock.Sources.Files;

/// <summary>Who reads a source of files that come while the pipeline runs.</summary>
/// <param name="SourceId">The id of the source.</param>
/// <param name="Index">The index of the subtask, from 0.</param>
/// <param name="IsRestart">Whether the pipeline has run before in this process.</param>
/// <param name="Log">Where messages for people go.</param>
internal sealed record PollingSubtask(string SourceId, int Index, bool IsRestart, ILogger Log);
