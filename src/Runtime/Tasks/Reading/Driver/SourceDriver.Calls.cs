using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Sources;

namespace Penstock.Tasks;

/// <content>Calls to the source. Their exceptions are extended by the names of the pipeline, the source and the split.</content>
internal sealed partial class SourceDriver<T, TTime>
{
    private TResult Invoke<TResult>(string action, Func<TResult> call) => SourceErrors.Explained(_context.PipelineName, Id, action, call);

    private void Invoke(string action, Action call) => Invoke(action, () =>
    {
        call();
        return true;
    });

    private ISplitReader<T> OpenReader(SplitProgress<T> split)
    {
        var isNew = _streaming != null && split.IsNew;
        return Invoke<ISplitReader<T>?>(
            $"open split '{split.Split.Id}'",
            () => isNew ? _streaming!.OpenNewSplit(split.Split, _badRows) : _source.Open(split.Split, split.Position, _badRows))
            ?? throw SourceErrors.Wrong(
                _context.PipelineName,
                Id,
                $"{(isNew ? "OpenNewSplit" : "Open")} has returned null for split '{split.Split.Id}'. It must return a reader.");
    }

    // The source identifies its reader by the object that it has opened.
    private ISplitReader<T> ToRows(ISplitReader<T> opened, SplitProgress<T> split)
    {
        if (opened is not IColumnReader<T> reader)
        {
            return opened;
        }

        if (_columns?.ToRows(reader, _badRows) is { } rows)
        {
            return rows;
        }

        CloseReader(opened, split);
        throw SourceErrors.Wrong(
            _context.PipelineName,
            Id,
            $"Open has returned a reader of columns, but "
                + $"'{_source.GetType().Name}' is no IColumnSource<{typeof(T).Name}>: the compiler has written nothing that makes rows of "
                + $"them.");
    }

    private void CloseReader(ISplitReader<T> reader, SplitProgress<T> split) =>
        _context.Close($"the reader of split '{split.Split.Id}' of source '{Id}'", "closed", reader.Dispose);

    // Calls for every batch are written out, since they must not allocate.
    private ReadStatus ReadRows(ISplitReader<T> reader, SplitProgress<T> split)
    {
        ReadStatus status;
        try
        {
            status = reader.Read(_appender);
        }
        catch (RowFailedException error)
        {
            throw RowFailed(reader, error);
        }
        catch (ColumnMistakeException error)
        {
            throw SourceErrors.Wrong(_context.PipelineName, Id, error.Message);
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw SourceErrors.Explain(_context.PipelineName, Id, $"read split '{split.Split.Id}'", error);
        }

        return status is >= ReadStatus.More and <= ReadStatus.Ended ? status : throw SourceErrors.Wrong(
            _context.PipelineName,
            Id,
            $"Read has returned {(int)status} for split '{split.Split.Id}', which is no value of {nameof(ReadStatus)}.");
    }

    private OperatorException RowFailed(ISplitReader<T> reader, RowFailedException failed)
    {
        // After the rows that were read before.
        var place = failed.Place ?? DescribeOf(reader, _batch.Count);
        var what = failed.IsTime ? $"the event time of stream '{Id}' cannot be read" : $"a row of stream '{Id}' cannot be made";
        var at = place ?? $"a row of source '{Id}'";
        var text = _context.Options.IncludeRowText && failed.Text != null ? $" The row: {failed.Text}" : "";
        return new OperatorException(
            ErrorCodes.RowCodeFailed,
            $"Pipeline '{_context.PipelineName}': {what} at {at}: {failed.Error.GetType().Name}: {failed.Error.Message}{text}",
            failed.Error)
        {
            Place = new FailurePlace($"{what} at {at}", IsExact: place != null),
        };
    }

    private static string? DescribeOf(ISplitReader<T> reader, int index)
    {
        try
        {
            return reader.Describe(index);
        }
        catch (Exception)
        {
            // This is called because of another error, which takes precedence.
            return null;
        }
    }

    private ISplitReader<T>? NextReader()
    {
        try
        {
            return _streaming!.Next();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw SourceErrors.Explain(_context.PipelineName, Id, "say which split is next", error);
        }
    }

    private IReadOnlyList<SourceSplit> TakeNewSplits()
    {
        IReadOnlyList<SourceSplit> found;
        try
        {
            found = _streaming!.TakeNewSplits();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw SourceErrors.Explain(_context.PipelineName, Id, "list its new splits", error);
        }

        return SourceErrors.Checked(_context.PipelineName, Id, nameof(_streaming.TakeNewSplits), found);
    }

    private void AssignTimes(SplitProgress<T> split)
    {
        try
        {
            _tracker.Assign(split, _batch);
        }
        catch (Exception error) when (error is not PipelineException)
        {
            var (row, what) = FirstWithoutTime();
            var known = row < 0 ? null : Describe(row);
            var place = known ?? $"a row of split '{split.Split.Id}'";
            var text = row < 0 ? "" : RowText.Of(_batch, row, _context.Options);
            throw new OperatorException(
                ErrorCodes.RowCodeFailed,
                $"Pipeline '{_context.PipelineName}': the {what} of stream "
                    + $"'{Id}' cannot be read at {place}: {error.GetType().Name}: {error.Message}{text}",
                error)
            {
                Place = new FailurePlace($"the {what} of stream '{Id}' at {place}", IsExact: known != null),
            };
        }
    }

    // The loop over the rows keeps no index, because errors are rare: the times are read again to find the failed row.
    private (int Row, string What) FirstWithoutTime()
    {
        for (var index = 0; index < _batch.Count; index++)
        {
            var what = "event time";
            try
            {
                var time = TTime.Of(in _batch.Rows[index]);
                if (TTime.HasWatermarks)
                {
                    what = "watermark";
                    WatermarkTracker<T, TTime>.OwnWatermark(in _batch.Rows[index], time);
                }
            }
            catch (Exception)
            {
                return (index, what);
            }
        }

        return (-1, "event time");
    }
}
