using Microsoft.Extensions.Hosting;
using Penstock;
using Penstock._1;

var builder = Host.CreateApplicationBuilder(args);
builder.AddPipeline<ShopRevenue>();

// Ends when every pipeline has finished. In a service that also does other things: await builder.Build().RunAsync();
await builder.Build().RunPipelinesAsync();
return Environment.ExitCode;
