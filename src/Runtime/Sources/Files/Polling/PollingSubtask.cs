using Microsoft.Extensions.Logging;

namespace Penstock.Sources.Files;

/// <summary>A subtask that reads a polling file source.</summary>
/// <param name="SourceId">The id of the source.</param>
/// <param name="Index">The index of the subtask, from 0.</param>
/// <param name="IsRestart">Indicates whether the pipeline has already run in this process.</param>
/// <param name="Log">The logger.</param>
internal sealed record PollingSubtask(string SourceId, int Index, bool IsRestart, ILogger Log);
