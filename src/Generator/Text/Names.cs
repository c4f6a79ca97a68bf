using System.Globalization;

namespace Penstock.Generator.Text;

/// <summary>Creates names that are readable, valid and unique.</summary>
internal sealed class Names(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>An unused name: the preferred one, or that with a number.</summary>
    public string Take(string wish)
    {
        var name = wish;
        for (var number = 2; !_taken.Add(name); number++)
        {
            name = wish + number.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    /// <summary>The preferred name if it is unused; otherwise the second choice, or that with a number.</summary>
    public string Take(string wish, string second) => Take(_taken.Contains(wish) ? second : wish);
}
