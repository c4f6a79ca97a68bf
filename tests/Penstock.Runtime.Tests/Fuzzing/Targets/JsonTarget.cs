using System.Text;
using System.Text.Json;
using Penstock.Runtime.Tests.Formats;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>JSON Lines: for every division of a file the rows are the same, and no row comes from invalid JSON.</summary>
internal sealed class JsonTarget : IFuzzTarget
{
    private const string Path = "/in/rows.jsonl";

    public string Name => "json";

    public void Run(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(5); i > 0; i--)
        {
            text.Append(Line(random)).Append(random.Pick("\n", "\r\n"));
        }

        var content = Mutator.Mutate(random, Encoding.UTF8.GetBytes(text.ToString()));
        Reading.Of(random, content, Path, Open).MustBe(Reading.Of(content, Path, Open), Encoding.UTF8.GetString(content));

        var line = Mutator.Mutate(random, Encoding.UTF8.GetBytes(Line(random)));
        JsonObjects.MustBeWhereRowsAre(line, Reading.Of(line, Path, Open).Rows.Count);
    }

    /// <summary>An object with some of the columns, in any order.</summary>
    public static string Line(Random random)
    {
        var names = RowTexts.Names.ToArray();
        if (random.Next(2) == 0)
        {
            random.Shuffle(names);
        }

        var properties = names.Where(_ => random.Next(8) != 0).Select(name => $"\"{name}\":{Value(random, name)}");
        properties = random.Next(3) == 0 ? properties.Prepend("\"other\":[1,{\"a\":null}]") : properties;
        return "{" + string.Join(random.Pick(",", ", "), properties) + "}";
    }

    private static JsonLinesFileSource<Maybe, Codecs.MaybeJsonReader> Open(FileSourceOptions options) => new(options);

    private static string Value(Random random, string name) =>
        random.Next(8) == 0 ? "null"
        : RowTexts.IsNumber(name) ? RowTexts.Value(random, name)
        : JsonSerializer.Serialize(RowTexts.Value(random, name));
}
