namespace Penstock.Testing;

/// <summary>Receives the complete input of a pipeline for crash exploration, before the pipeline starts.</summary>
public sealed class CrashInput
{
    private readonly TestConnectors _known;
    private readonly List<(string Source, Action<ITestSource> Send)> _sent = [];

    internal CrashInput(TestConnectors known) => _known = known;

    /// <summary>The number of rows and texts that were sent.</summary>
    internal int Count => _sent.Count;

    /// <summary>Sends rows to a source.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type, or the test has no such split.</exception>
    public void Send<TRow>(string source, IReadOnlyList<TRow> rows, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _known.SourceOf<TRow>(source).CheckSplit(split);
        foreach (var row in rows)
        {
            _sent.Add((source, known => ((TestSource<TRow>)known).Send(split, [row])));
        }
    }

    /// <summary>Sends text to a source through the generated reader of its rows, as <see cref="PipelineTest{T}.SendText"/> does.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="text">The complete content of a file, or the value of a message.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, or the test has no such split.</exception>
    public void SendText(string source, string text, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        _known.SourceOf(source).CheckSplit(split);
        var input = SentInput.OfText(text, _sent.Count + 1);
        _sent.Add((source, known => known.SendInput(split, input)));
    }

    /// <summary>Sends the first part of the input to a newly created source, and ends the source.</summary>
    /// <param name="id">The id of the source.</param>
    /// <param name="source">The source.</param>
    /// <param name="count">The number of items of the whole input to use.</param>
    internal void SendTo(string id, ITestSource source, int count)
    {
        foreach (var (target, send) in _sent.Take(count))
        {
            if (target == id)
            {
                send(source);
            }
        }

        source.End();
    }
}
