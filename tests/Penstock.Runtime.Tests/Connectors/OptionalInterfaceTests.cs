using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Connectors;

/// <summary>
/// Every optional interface of sources and sinks has its effect, however a stream names the connector: by its class, or by an attribute of
/// messages or of files. A new interface fails here until the sources or sinks of these tests implement it and see its effect.
/// </summary>
public sealed class OptionalInterfaceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("penstock-optional-").FullName;
    private readonly ProbeLog _log = new();

    public static TheoryData<string, Form> Sources => Cases("Source");

    public static TheoryData<string, Form> Sinks => Cases("Sink");

    [Theory]
    [MemberData(nameof(Sinks))]
    public async Task An_optional_interface_of_sinks_has_its_effect(string name, Form form)
    {
        await FinishAsync<ProbeSinkPipeline>();
        Assert.True(_log.IsServed(form, name), $"Sinks of the form {form} do not see the effect of {name}.");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task An_optional_interface_of_sources_has_its_effect(string name, Form form)
    {
        await RunAsync(form);
        if (name == nameof(IDividingSource))
        {
            // It matters only when a checkpoint is restored.
            _log.Parts = 2;
            var status = await RunAsync(form);
            Assert.Contains("Take as many parts as before", status.Error?.Message, StringComparison.Ordinal);
        }

        Assert.True(_log.IsServed(form, name), $"Sources of the form {form} do not see the effect of {name}.");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static TheoryData<string, Form> Cases(string kind)
    {
        var cases = new TheoryData<string, Form>();
        foreach (var type in typeof(ISource<>).Assembly.GetExportedTypes().Where(IsOptional))
        {
            foreach (var form in Enum.GetValues<Form>())
            {
                cases.Add(type.Name, form);
            }
        }

        return cases;

        bool IsOptional(Type type) => type.IsInterface
            && type.Namespace == "Penstock.Connectors"
            && type.Name.Split('`')[0] is var name
            && name.EndsWith(kind, StringComparison.Ordinal)
            && name != "I" + kind;
    }

    private Task<PipelineStatus> RunAsync(Form form) => form switch
    {
        Form.Class => RunAsync<ClassProbes>(),
        Form.Message => RunAsync<MessageProbes>(),
        Form.Csv => RunAsync<CsvProbes>(),
        _ => RunAsync<JsonLinesProbes>(),
    };

    private async Task FinishAsync<T>()
        where T : class, IPipeline
    {
        var status = await RunAsync<T>();
        Assert.True(status.State == PipelineState.Finished, status.Error?.ToString());
    }

    private async Task<PipelineStatus> RunAsync<T>()
        where T : class, IPipeline
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_log);
        builder.AddPipeline<T>(configure: options => options.Checkpoints.Path = Path.Combine(_root, "checkpoints"));
        return Assert.Single(await builder.Build().RunPipelinesAsync());
    }
}
