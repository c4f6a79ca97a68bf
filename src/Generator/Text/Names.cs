using System.Globalization;

namespace Penstock.Generator.Text;

/// <summary>Names that are readable, valid and each given only once.</summary>
internal sealed class Names(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>A name that is not taken yet: the wish, or the wish with a number.</summary>
    public string Take(string wish)
    {
        var name = wish;
        for (var number = 2; !_taken.Add(name); number++)
        {
            name = wish + number.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }
}
