using System.Globalization;
using Penstock.State;

namespace Penstock;

/// <summary>Thrown when the state of a pipeline reaches <see cref="PipelineOptions.StateLimit"/>. A restart would only repeat it.</summary>
public sealed class StateLimitException : PipelineException
{
    internal StateLimitException(string pipeline, long limit, IReadOnlyList<OperatorMemory> operators)
        : base(
            ErrorCodes.StateLimit,
            $"Pipeline '{pipeline}': its state needs more than the "
                + $"{Size(limit)} of StateLimit: {string.Join(", ", operators.Select(Describe))}. "
            + $"Raise Penstock:Pipelines:{pipeline}:StateLimit if the machine has the memory, keep fewer keys or less per key, let state "
            + $"expire with [State(Ttl = …)], or let windows close sooner. The last checkpoint is intact: the next start resumes from it.")
    {
    }

    private static string Describe(OperatorMemory memory) =>
        string.Create(CultureInfo.InvariantCulture, $"operator '{memory.Id}' {Size(memory.Bytes)} for {memory.Keys} keys");

    private static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.##} GB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.##} MB"),
        >= 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.##} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };
}
