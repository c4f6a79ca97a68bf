using System.Text;

namespace Penstock.Generator.Text;

/// <summary>
/// Breaks a line of generated C# that is too long: before its operators, or at its outermost list, whose items are then on the next line,
/// or on one line each if that is also too long. An initializer has its braces on separate lines, below what it initializes. If that is
/// the only element of a collection, the collection is broken first. A call with one argument is broken before the argument if that is
/// enough; otherwise inside it. A string is broken after a comma, a semicolon or a space; if it has none, the line is not broken.
/// </summary>
internal static class LineBreaker
{
    /// <summary>The maximum number of columns of a line.</summary>
    public const int Width = 140;

    private const string Summary = "/// <summary>";
    private const string SummaryEnd = "</summary>";
    private const int Step = 4;

    private static readonly string[] Modifiers = ["public ", "internal ", "protected ", "private "];

    /// <summary>Writes a line, broken into several if it is too long.</summary>
    public static void Write(StringBuilder text, int indent, string line)
    {
        var parts = indent + line.Length <= Width || line[0] == '#' ? [] : Break(indent, line);
        if (parts.Count < 2)
        {
            text.Append(' ', indent).Append(line).Append('\n');
            return;
        }

        foreach (var (more, part) in parts)
        {
            Write(text, indent + more, part);
        }
    }

    private static IReadOnlyList<(int Indent, string Text)> Break(int indent, string line)
    {
        if (line.StartsWith("//", StringComparison.Ordinal))
        {
            return [.. Comment(indent, line).Select(static part => (0, part))];
        }

        var shape = new LineShape(line);
        var (depth, operators) = shape.Operators();
        var list = shape.OutermostList();
        var isMember = Modifiers.Any(modifier => line.StartsWith(modifier, StringComparison.Ordinal));
        return isMember && shape.Arrow >= 0 && shape.Arrow < line.Length
                ? [(0, line.Substring(0, shape.Arrow - 1)), (Step, line.Substring(shape.Arrow))]
            : shape.OutermostInitializer() is { } initializer && initializer.Depth < depth && !(list?.Depth < initializer.Depth)
                ? Bracketed(line, shape.CollectionAround(initializer) ?? initializer)
            : shape.OutermostArguments() is { } single && single.Depth < list?.Depth && Fits(single) && FitsBehind(single)
                ? Arguments(indent, line, single)
            : list != null && Fits(list) ? list.Kind == '(' ? Arguments(indent, line, list) : Bracketed(line, list)
            : shape.OutermostArguments() is { } arguments && Fits(arguments) ? Arguments(indent, line, arguments)
            : operators.Count > 0 ? Terms(line, operators)
            : shape.OutermostTypes() is { } types ? Arguments(indent, line, types)
            : Literal(indent, line, shape);

        bool Fits(LineShape.Brackets brackets) => brackets.Depth < depth && indent + brackets.Open < Width;

        bool FitsBehind(LineShape.Brackets brackets) => indent + Step + line.Length - brackets.Open - 1 <= Width;
    }

    private static IReadOnlyList<(int, string)> Terms(string line, IReadOnlyList<int> operators) =>
    [
        (0, line.Substring(0, operators[0])),
        .. operators.Select((at, i) => (Step, line.Substring(at + 1, (i + 1 < operators.Count ? operators[i + 1] : line.Length) - at - 1))),
    ];

    // The brackets of initializers and collections are on separate lines.
    private static IReadOnlyList<(int, string)> Bracketed(string line, LineShape.Brackets list)
    {
        var before = line.Substring(0, list.Open).TrimEnd();
        return
        [
            .. before.Length > 0 ? [(0, before)] : Array.Empty<(int, string)>(),
            (0, list.Kind.ToString()),
            .. Items(line, list).Select(static item => (Step, item + ",")),
            (0, line.Substring(list.Close)),
        ];
    }

    private static IReadOnlyList<(int, string)> Arguments(int indent, string line, LineShape.Brackets list)
    {
        var before = line.Substring(0, list.Open + 1);
        var rest = line.Substring(list.Open + 1);
        if (indent + Step + rest.Length <= Width)
        {
            return [(0, before), (Step, rest)];
        }

        var items = Items(line, list).ToList();
        return
        [
            (0, before),
            .. items.Take(items.Count - 1).Select(static item => (Step, item + ",")),
            (Step, items[items.Count - 1] + line.Substring(list.Close)),
        ];
    }

    private static IEnumerable<string> Items(string line, LineShape.Brackets list)
    {
        var start = list.Open + 1;
        foreach (var end in list.Commas.Concat([list.Close]))
        {
            yield return line.Substring(start, end - start).Trim();
            start = end + 1;
        }
    }

    private static IReadOnlyList<(int, string)> Literal(int indent, string line, LineShape shape)
    {
        var (start, end) = shape.Texts.OrderByDescending(static text => text.End - text.Start).FirstOrDefault();
        if (end == 0 || line[Math.Max(start - 1, 0)] is '$' or '@')
        {
            return [];
        }

        var quote = string.CompareOrdinal(line, end, "u8", 0, 2) == 0 ? "\"u8" : "\"";
        var parts = new List<(int Indent, string Text)> { (0, line) };
        while (parts[parts.Count - 1] is var (more, rest) && indent + more + rest.Length > Width)
        {
            // The string ends as far from the end of the rest as it ended from the end of the line.
            var last = Math.Min(rest.Length - (line.Length - end) - 3, Width - indent - more - quote.Length - 1);
            var cut = last <= start ? 0 : rest.LastIndexOfAny([';', ',', ' '], last, last - start) + 1;
            if (cut == 0)
            {
                break;
            }

            parts[parts.Count - 1] = (more, rest.Substring(0, cut) + quote);
            parts.Add((Step, "+ \"" + rest.Substring(cut)));
            start = 2;
        }

        return parts;
    }

    private static IEnumerable<string> Comment(int indent, string line)
    {
        var isSummary = line.StartsWith(Summary, StringComparison.Ordinal) && line.EndsWith(SummaryEnd, StringComparison.Ordinal);
        var mark = line.StartsWith("///", StringComparison.Ordinal) ? "/// " : "// ";
        var words = isSummary
            ? line.Substring(Summary.Length, line.Length - Summary.Length - SummaryEnd.Length)
            : line.Substring(mark.Length);
        if (isSummary)
        {
            yield return Summary;
        }

        var part = mark.TrimEnd();
        foreach (var word in words.Split(' '))
        {
            if (part.Length > mark.Length && indent + part.Length + 1 + word.Length > Width)
            {
                yield return part;
                part = mark.TrimEnd();
            }

            part += " " + word;
        }

        yield return part;
        if (isSummary)
        {
            yield return "/// " + SummaryEnd;
        }
    }
}
