using System.Text;
using System.Text.Json;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

/// <summary>Raw JSON is written only up to the depth that can be read.</summary>
public sealed class DeepElementTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(500, false)]
    public void Sixty_four_levels_can_be_written(int levels, bool isWritten)
    {
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var json = string.Concat(Enumerable.Repeat(open, levels)) + "1" + string.Concat(Enumerable.Repeat(close, levels));
            var text = Write(json);
            Assert.Equal(isWritten ? json : "A JsonElement is nested deeper than 64 levels: it could not be read back.", text);
        }
    }

    [Fact]
    public void Brackets_in_texts_and_beside_each_other_are_no_levels()
    {
        var json = "[\"" + new string('[', 100) + "\"," + string.Join(",", Enumerable.Repeat("[{}]", 100)) + "]";
        Assert.Equal(json, Write(json));
    }

    private static string Write(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        using var output = new Utf8Buffer(16);
        try
        {
            new JsonRowWriter(output).WriteElement(document.RootElement);
            return Encoding.UTF8.GetString(output.Written);
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }
}
