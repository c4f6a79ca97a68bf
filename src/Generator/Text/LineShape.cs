namespace Penstock.Generator.Text;

/// <summary>The brackets and operators of a line. Brackets count only if both are in the line.</summary>
internal sealed class LineShape
{
    private readonly List<Brackets> _brackets = [];
    private readonly List<(int At, int Depth, int Rank)> _operators = [];

    public LineShape(string line)
    {
        var open = new Stack<Brackets>();
        for (var at = 0; at < line.Length;)
        {
            var end = Lexing.SkipText(line, at);
            if (end > at)
            {
                if (line[at] == '"')
                {
                    Texts.Add((at, end));
                }

                at = end;
                continue;
            }

            Look(line, at, open);
            at++;
        }
    }

    /// <summary>The start and end of each string.</summary>
    public List<(int Start, int End)> Texts { get; } = [];

    /// <summary>The position of an expression body after its arrow; -1 if there is none.</summary>
    public int Arrow { get; private set; } = -1;

    /// <summary>The brackets of the outermost list of several items, or the longest of several such lists; null if there is none.</summary>
    public Brackets? OutermostList() =>
        Outermost(static brackets => brackets.Kind != '<' && brackets.Commas.Count > 0 && !brackets.IsInTypes && !brackets.IsBlock);

    /// <summary>The brackets of the outermost initializer with one member; null if there is none.</summary>
    public Brackets? OutermostInitializer() => Outermost(static brackets => brackets.IsInitializer && !brackets.IsBlock);

    /// <summary>The brackets of the outermost collection around others that has no other element; null if there is none.</summary>
    public Brackets? CollectionAround(Brackets inner) => Outermost(brackets =>
        brackets.Kind == '[' && brackets.Open < inner.Open && brackets.Close > inner.Close && brackets.Commas.Count == 0);

    /// <summary>
    /// The brackets of the outermost arguments, if there is only one. Those of statements, such as <c>if</c>, do not count.
    /// </summary>
    public Brackets? OutermostArguments() => Outermost(static brackets =>
        brackets.Kind == '(' && brackets.Close > brackets.Open + 1 && !brackets.IsInTypes && brackets.IsCall);

    /// <summary>The brackets of the outermost type arguments.</summary>
    public Brackets? OutermostTypes() => Outermost(static brackets => brackets.Kind == '<' && brackets.Commas.Count > 0);

    /// <summary>The positions of the operators with the lowest precedence among those that are nested least deeply.</summary>
    public (int Depth, IReadOnlyList<int> Places) Operators()
    {
        if (_operators.Count == 0)
        {
            return (int.MaxValue, []);
        }

        var (_, depth, rank) = _operators.OrderBy(static found => found.Depth).ThenBy(static found => found.Rank).First();
        return (depth, [.. _operators.Where(found => found.Depth == depth && found.Rank == rank).Select(static found => found.At)]);
    }

    private Brackets? Outermost(Func<Brackets, bool> isMeant) => _brackets
        .Where(brackets => brackets.Close >= 0 && isMeant(brackets))
        .OrderBy(static brackets => brackets.Depth).ThenByDescending(static brackets => brackets.Close - brackets.Open).FirstOrDefault();

    private void Look(string line, int at, Stack<Brackets> open)
    {
        switch (line[at])
        {
            case '(' or '[' or '{':
            case '<' when at > 0 && Lexing.IsNamePart(line[at - 1]) && at + 1 < line.Length && line[at + 1] != ' ':
                var isInTypes = open.Count > 0 && (open.Peek().Kind == '<' || open.Peek().IsInTypes);
                var isCall = at > 0 && (Lexing.IsNamePart(line[at - 1]) || line[at - 1] == '>');
                open.Push(new Brackets(line[at], at, open.Count, isInTypes, isCall));
                _brackets.Add(open.Peek());
                break;
            case ')' or ']' or '}' when open.Count > 0:
            case '>' when open.Count > 0 && open.Peek().Kind == '<':
                open.Pop().Close = at;
                break;
            case ',' when open.Count > 0:
                open.Peek().Commas.Add(at);
                break;
            case '=' when open.Count == 0 && Arrow < 0 && string.CompareOrdinal(line, at, "=> ", 0, 3) == 0:
                Arrow = at + 3;
                break;
            case '=' when open.Count > 0 && open.Peek().Kind == '{' && line[at - 1] == ' ' && at + 1 < line.Length && line[at + 1] == ' ':
                open.Peek().IsInitializer = true;
                break;
            case ';' when open.Count > 0:
                open.Peek().IsBlock = true;
                break;
            case ' ' when at > 0 && RankOf(line, at + 1) is >= 0 and var rank:
                _operators.Add((at, open.Count, rank));
                break;
        }
    }

    // From the lowest precedence to the highest. A line is broken before operators of the lowest precedence.
    private static int RankOf(string line, int at) => (line.Length - at < 2 ? "" : line.Substring(at, 2)) switch
    {
        "? " or ": " => 0,
        "||" => 1,
        "&&" => 2,
        "+ " => 3,
        _ => -1,
    };

    /// <summary>A pair of brackets.</summary>
    /// <param name="kind">The opening bracket.</param>
    /// <param name="open">Its position.</param>
    /// <param name="depth">The number of pairs that enclose it.</param>
    /// <param name="isInTypes">Whether it is inside type arguments.</param>
    /// <param name="isCall">Whether a name or type arguments precede it, without a space.</param>
    internal sealed class Brackets(char kind, int open, int depth, bool isInTypes, bool isCall)
    {
        public char Kind => kind;

        public int Open => open;

        public int Depth => depth;

        public bool IsInTypes => isInTypes;

        public bool IsCall => isCall;

        /// <summary>The position of the closing bracket; -1 if it is on another line.</summary>
        public int Close { get; set; } = -1;

        /// <summary>Whether the brackets contain assignments of members.</summary>
        public bool IsInitializer { get; set; }

        /// <summary>Whether the brackets contain statements or accessors.</summary>
        public bool IsBlock { get; set; }

        /// <summary>The positions of the commas between the items.</summary>
        public List<int> Commas { get; } = [];
    }
}
