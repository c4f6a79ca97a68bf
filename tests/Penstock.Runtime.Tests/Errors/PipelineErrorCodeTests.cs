using System.Text.Json;
using Penstock.Hosting;

namespace Penstock.Runtime.Tests.Errors;

/// <summary>The parts of an error that come from its code, and which codes can be declared.</summary>
public sealed class PipelineErrorCodeTests
{
    private static readonly PipelineErrorCode Own = new("ACME12", "The folder is missing", "https://acme.example/errors/ACME12");

    [Fact]
    public void An_error_begins_with_its_code_and_leads_to_its_page()
    {
        var cause = new IOException("Why.");
        var error = new PipelineException(Own, "Where, why and what to do.", cause);
        Assert.Equal(("ACME12: Where, why and what to do.", "ACME12", Own.HelpLink), (error.Message, error.Code, error.HelpLink));
        Assert.Same(cause, error.InnerException);
    }

    [Fact]
    public void An_exception_of_a_source_or_sink_has_a_code_of_its_type_or_one_of_its_own()
    {
        var cause = new IOException("Why.");
        Assert.Equal("PSR201", new SourceException("It failed.", cause).Code);
        Assert.Equal("PSR202", new UnreadableInputException("It cannot be read.", cause).Code);
        Assert.Equal("PSR203", new InputNotFoundException("There is none.").Code);
        Assert.Equal("PSR205", new SourceChangedException("It has changed.").Code);
        Assert.Equal("PSR301", new BadRowException(default, "It is wrong.").Code);
        Assert.Equal("PSR701", new SinkException("It failed.", cause).Code);
        Assert.Equal("ACME12", new SourceException("It failed.", cause, Own).Code);
        Assert.Equal("ACME12", new UnreadableInputException("It cannot be read.", cause, Own).Code);
        Assert.Equal("ACME12", new InputNotFoundException("There is none.", Own).Code);
        Assert.Equal("ACME12", new SourceChangedException("It has changed.", Own).Code);
        Assert.Equal("ACME12", new SinkException("It failed.", cause, Own).Code);
    }

    [Fact]
    public void Only_codes_of_Penstock_have_a_page_without_saying_so()
    {
        Assert.EndsWith("/docs/errors/PSR901.md", PipelineErrorCode.Custom.HelpLink, StringComparison.Ordinal);
        Assert.Null(new PipelineErrorCode("ACME12", "The folder is missing").HelpLink);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ACME")]
    [InlineData("12")]
    [InlineData("acme12")]
    [InlineData("ACME-12")]
    [InlineData("ACME12b")]
    [InlineData("ACME 12")]
    public void An_id_is_letters_and_digits_behind_them(string id)
    {
        var error = Assert.Throws<ArgumentException>(() => new PipelineErrorCode(id, ""));
        Assert.Contains($"'{id}' is not a valid id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_without_a_code_is_refused() => Assert.Throws<ArgumentNullException>(() => new PipelineException(null!, "Why."));

    [Theory]
    [InlineData("ACME12: The folder '/in: new' is missing.", "ACME12", "ACME12: The folder '/in: new' is missing.")]
    [InlineData("IOException: The disk is full.", "PSR901", "PSR901: IOException: The disk is full.")]
    [InlineData("no code", "PSR901", "PSR901: no code")]
    public void An_error_that_is_read_from_json_has_the_code_of_its_message(string text, string code, string message)
    {
        var status = JsonSerializer.Deserialize<Read>(JsonSerializer.Serialize(new { Error = text }))!;
        var error = Assert.IsType<PipelineException>(status.Error);
        Assert.Equal((code, message), (error.Code, error.Message));
    }

    private sealed record Read([property: System.Text.Json.Serialization.JsonConverter(typeof(ErrorJsonConverter))] Exception? Error);
}
