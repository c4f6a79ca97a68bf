using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Validation;

/// <summary>Checks sources and sinks: files, columns, and classes of the user.</summary>
internal static class ConnectorRules
{
    public static IEnumerable<DiagnosticInfo> Validate(StreamDeclaration stream)
    {
        if (stream.Row == null || ClassRules.IsUnknown(stream.Row))
        {
            return [];
        }

        var findings = new List<DiagnosticInfo>();
        for (var i = 0; i < stream.Producers.Count; i++)
        {
            if (stream.Producers[i] is SourceDeclaration source)
            {
                var index = i;
                Validate(
                    source.Connector,
                    stream,
                    isSource: true,
                    argument => DiagnosticAnchor.Producer(stream.Property, index, argument),
                    findings);
            }
        }

        for (var i = 0; i < stream.Sinks.Count; i++)
        {
            var index = i;
            Validate(
                stream.Sinks[i].Connector,
                stream,
                isSource: false,
                argument => DiagnosticAnchor.Sink(stream.Property, index, argument),
                findings);
        }

        // A row type is reported only once, however many connectors use it.
        return findings.GroupBy(static finding => (finding.Id, finding.Place)).Select(static group => group.First());
    }

    private static void Validate(
        ConnectorDeclaration connector,
        StreamDeclaration stream,
        bool isSource,
        Func<string?, DiagnosticAnchor> place,
        List<DiagnosticInfo> findings)
    {
        if (connector.LacksPath)
        {
            findings.Add(new DiagnosticInfo(
                "PEN514",
                place("path"),
                connector is not FileDeclaration { Package: null } ? $"[{connector.Attribute}]"
                    : isSource ? "The file source"
                    : "The file sink"));
        }

        findings.AddRange(OptionRules.Validate(connector, place));
        switch (connector)
        {
            case FileDeclaration file:
                findings.AddRange(ValidateFile(file, isSource, place));
                findings.AddRange(ValidateColumns(file.Rows, stream, isSource));
                break;
            case MessageDeclaration messages:
                findings.AddRange(ValidateColumns(messages.Rows, stream, isSource));
                findings.AddRange(MessageRules.Validate(messages, stream, isSource, place));
                break;
            case CustomDeclaration { Type.Access: not TypeAccess.Unknown } custom:
                if (!custom.IsContract)
                {
                    var contract = isSource ? "ISource" : "ISink";
                    findings.Add(new DiagnosticInfo(
                        isSource ? "PEN510" : "PEN511",
                        place(DiagnosticAnchor.TypeArgument),
                        custom.Type.ShortName,
                        $"{contract}<{stream.Row!.ShortName}>",
                        custom.Implements.Length == 0 ? $"no {contract}<T>" : custom.Implements));
                }
                else if (ClassRules.ValidateCreation(
                    custom.Creation,
                    custom.Type.ShortName,
                    place(DiagnosticAnchor.TypeArgument),
                    _ => place(DiagnosticAnchor.TypeArgument)) is { } creation)
                {
                    findings.Add(creation);
                }

                break;
            case UnknownConnectorDeclaration unknown:
                findings.Add(new DiagnosticInfo("PEN512", place(null), unknown.Attribute));
                break;
        }

        if (connector.Asked is { } asked)
        {
            findings.AddRange(ValidateAsked(connector, asked, stream, isSource));
        }
    }

    private static IEnumerable<DiagnosticInfo> ValidateFile(FileDeclaration file, bool isSource, Func<string?, DiagnosticAnchor> place)
    {
        if (!file.LacksPath && file.Format == FileRowFormat.Unknown)
        {
            const string Ends = "end it in .csv or .jsonl (or .csv.gz, .jsonl.gz)";
            yield return file.Path == null
                ? new DiagnosticInfo("PEN501", place(null), $"[{file.Attribute}]", "set Format")
                : new DiagnosticInfo(
                    "PEN501",
                    place("path"),
                    $"The name '{file.Path}'",
                    file.CanSetFormat ? Ends + ", or set Format" : Ends);
        }
        else if (file.Format != FileRowFormat.Unknown && file.OnlyFormat is not FileRowFormat.Unknown and var known && known != file.Format)
        {
            yield return new DiagnosticInfo(
                "PEN554",
                place(file.IsFormatGiven ? "Format" : "path"),
                file.Attribute,
                TextOf(file.Format),
                file.IsFormatGiven ? $"set Format to FileFormat.{known}"
                    : $"let the path end in {(known == FileRowFormat.Csv ? ".csv" : ".jsonl")}");
        }

        var size = isSource ? "SplitSize" : "RollSize";
        if (file.Size != null && (!ByteSizes.TryParse(file.Size, out var bytes) || bytes <= 0))
        {
            yield return new DiagnosticInfo("PEN508", place(size), file.Size);
        }

        if (file.Poll != null && !Durations.TryParse(file.Poll, out var micros))
        {
            yield return new DiagnosticInfo("PEN205", place("Poll"), file.Poll);
        }
        else if (file.Poll != null && Durations.TryParse(file.Poll, out micros) && micros is < 1_000 or > 86_400_000_000)
        {
            yield return new DiagnosticInfo("PEN206", place("Poll"), "The interval at which files are listed", file.Poll, "from 1ms to 1d");
        }

        if (file.Format == FileRowFormat.JsonLines)
        {
            foreach (var option in file.CsvOptions)
            {
                yield return new DiagnosticInfo("PEN537", place(option), option, "Format = FileFormat.Csv");
            }
        }
        else if (isSource && (file.Delimiter is '"' or '\r' or '\n' or '\0' or > '\x7e'))
        {
            yield return new DiagnosticInfo("PEN507", place("Delimiter"), Printable(file.Delimiter));
        }

        foreach (var finding in ValidatePolicy(file.BadRows, place))
        {
            yield return finding;
        }
    }

    public static IEnumerable<DiagnosticInfo> ValidatePolicy(BadRowHandling policy, Func<string?, DiagnosticAnchor> place) =>
        Enum.IsDefined(typeof(BadRowHandling), policy) ? [] : [new DiagnosticInfo("PEN516", place("OnBadRow"), ((int)policy).ToString())];

    // Classes of the user do not use the formats of text. If they create the rows themselves, the members that can be set are their
    // responsibility.
    private static IEnumerable<DiagnosticInfo> ValidateAsked(
        ConnectorDeclaration connector,
        RowDeclaration rows,
        StreamDeclaration stream,
        bool isSource)
    {
        var asked = rows with { UselessFormats = EquatableArray<UselessFormat>.Empty };
        if (!connector.HasColumns)
        {
            return ValidateColumns(asked with { LeftOut = null, Unset = null }, stream, isSource: false);
        }

        var refused = rows.Unsupported == null ? ColumnLeaves.Of(rows.Model).FirstOrDefault(static leaf => !leaf.IsColumn) : null;
        return ValidateColumns(asked, stream, isSource).Concat(refused == null
            ? []
            : [Refused(refused, rows.Model, connector.ClassName, DiagnosticAnchor.RowType(stream.Property))]);
    }

    private static DiagnosticInfo Refused(ColumnLeaf leaf, RowModel row, string className, DiagnosticAnchor place) => new(
        "PEN545",
        place,
        $"{row.Name.TrimStart('@')}.{leaf.Member} {(leaf.Column.Tree != null ? "holds more than one value" : "is inside an object that "
            + "can be null")}",
        className);

    private static IEnumerable<DiagnosticInfo> ValidateColumns(RowDeclaration rows, StreamDeclaration stream, bool isSource)
    {
        var place = DiagnosticAnchor.RowType(stream.Property);
        if (rows.Unsupported != null)
        {
            yield return new DiagnosticInfo("PEN503", place, rows.Unsupported);
        }
        else if (rows.Model.Columns.Count == 0)
        {
            yield return new DiagnosticInfo(
                "PEN515",
                place,
                stream.Row!.ShortName,
                rows.Columnless ?? "use a record with public properties");
        }
        else if (isSource && !rows.IsConstructible)
        {
            yield return new DiagnosticInfo("PEN502", place, stream.Row!.ShortName);
        }
        else if (isSource && rows.Unmade != null)
        {
            yield return new DiagnosticInfo("PEN502", place, rows.Unmade);
        }

        if (rows.Duplicate != null)
        {
            yield return new DiagnosticInfo("PEN504", place, rows.Duplicate.Row, rows.Duplicate.Name);
        }

        if (rows.BadNaming != null)
        {
            yield return new DiagnosticInfo("PEN529", place, rows.BadNaming);
        }

        if (rows.LeftOut != null)
        {
            yield return new DiagnosticInfo("PEN528", place, rows.LeftOut);
        }

        if (rows.BadFormat != null)
        {
            yield return new DiagnosticInfo("PEN509", place, rows.BadFormat);
        }

        foreach (var format in rows.UselessFormats.Where(format => isSource || format.Fault == FormatFault.Write))
        {
            yield return OfFormat(
                format,
                format.Member == null ? place : DiagnosticAnchor.Column(stream.Property, format.Member, "Format"));
        }

        if (rows.Unset != null)
        {
            yield return new DiagnosticInfo("PEN531", place, rows.Unset);
        }

        if (rows.BadUnit != null)
        {
            yield return new DiagnosticInfo("PEN209", place, rows.BadUnit);
        }

        if (rows.UnknownUnit != null)
        {
            yield return new DiagnosticInfo("PEN211", place, rows.UnknownUnit);
        }
    }

    private static DiagnosticInfo OfFormat(UselessFormat format, DiagnosticAnchor column) => format.Fault switch
    {
        FormatFault.Clock => new DiagnosticInfo("PEN532", column, format.Path, format.Format),
        FormatFault.Digits => new DiagnosticInfo(
            "PEN530",
            column,
            format.Path,
            format.Format,
            $"reads some times as other times, because '{format.Open}' has no fixed number of digits and other digits follow it",
            "put another character between the two, or give the field a fixed number of digits, as in \"yyyyMMddHHmmss\""),
        _ => new DiagnosticInfo(
            "PEN530",
            column,
            format.Path,
            format.Format,
            format.Fault == FormatFault.Write ? $"is not a format of {format.Type}" : "cannot read any string, not even one that it has written",
            format.Type == "TimeSpan"
                ? "write it as \"hh\\:mm\\:ss\", with a backslash before each character that is not a format letter"
                : $"write it as \"{TimeFormats.ExampleOf(format.Type)}\""),
    };

    private static string TextOf(FileRowFormat format) => format == FileRowFormat.Csv ? "CSV" : "JSON Lines";

    private static string Printable(char value) => value is >= ' ' and <= '\x7e' ? value.ToString() : $"\\u{(int)value:X4}";
}
